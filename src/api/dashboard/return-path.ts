/** More than the addresses of the dashboard's pages have. */
const longest = 2_000;
const base = 'http://dashboard.invalid';

/**
 * Where a login leads: a page of the dashboard. Everything else becomes the first page, so that no one can send a person to
 * another site with a link to this one.
 * @param given of the query, from anyone
 */
export function returnPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > longest || !given.startsWith('/')) return '/';
  if (!URL.canParse(given, base)) return '/';
  const { origin, pathname, search, hash } = new URL(given, base);
  // The browser will read it once more: `/.//other.example` has become `//other.example`.
  const isPage =
    origin === base && !pathname.startsWith('//') && !/^\/(?:api|auth|login)(?:\/|$)/.test(pathname);
  return isPage ? `${pathname}${search}${hash}` : '/';
}
