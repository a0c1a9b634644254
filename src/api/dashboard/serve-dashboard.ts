/** The dashboard's files: they are public, and everything that they show comes from the API. */
import { type RequestHandler } from 'express';
import sirv from 'sirv';

/** No inline script or style, no other host, in no frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headersOfApi = ['Cache-Control', 'Content-Security-Policy'];

/** Names of Vite's assets contain a digest of their content. */
const neverChanges = /\/assets\//;

/** Names of Pipelines have dots, and sirv takes what comes after the last one for that of a file. */
const page = /^\/(?:pipelines|promotions)\//;

/**
 * Serves the files of a directory, and its `index.html` for every other path, which the dashboard reads itself.
 * @param directory as `npm run build` makes it, with a `.br` and a `.gz` beside each text file
 */
export function serveDashboard(directory: string): RequestHandler {
  const files = sirv(directory, {
    brotli: true,
    gzip: true,
    etag: true,
    single: true,
    // One that is not there belongs to another version: with the page in its place, a browser would keep that for a year.
    ignores: [/^\/assets\//],
    setHeaders: (response, path) => {
      response.setHeader(
        'Cache-Control',
        neverChanges.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
      response.setHeader('Content-Security-Policy', contentSecurityPolicy);
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Referrer-Policy', 'no-referrer');
      response.setHeader('X-Content-Type-Options', 'nosniff');
    },
  });
  return (request, response, next) => {
    if (page.test(request.path)) request.url = '/';
    // They are those of the API. sirv sends none of its own with 304, whose headers replace what the browser has kept:
    // https://www.rfc-editor.org/rfc/rfc9111#section-3.2
    const ofApi = headersOfApi.map((name) => [name, response.getHeader(name)] as const);
    for (const name of headersOfApi) response.removeHeader(name);
    files(request, response, () => {
      for (const [name, value] of ofApi) if (value !== undefined) response.setHeader(name, value);
      next();
    });
  };
}
