/** Whether a request that a cookie authenticates was made by a page of the dashboard, and not by another site's. */
import { type Request } from 'express';

/** Only a page of the same origin can set it without being asked first, and the API allows no one who asks (CORS). */
const dashboardHeader = 'X-Windlass-Dashboard';

const safeMethods = new Set(['GET', 'HEAD']);

/**
 * @param dashboardUrl as the operator set it
 * @returns why it is refused, as a sentence; undefined: it is not
 */
export function foreignPageFault(request: Request, dashboardUrl: string | undefined): string | undefined {
  // https://www.w3.org/TR/fetch-metadata/: browsers send it over TLS and to this machine. `none`: a person typed the address.
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isSafe(request))) {
    return 'This request was made by a page of another site: open the dashboard itself.';
  }
  if (isSafe(request)) return undefined;
  if (request.get(dashboardHeader) === undefined) {
    return `A request that changes something needs the header ${dashboardHeader}, or a token in Authorization.`;
  }
  const origin = request.get('origin');
  if (site === undefined && origin !== undefined && !isOwnOrigin(origin, request, dashboardUrl)) {
    return 'This request was made by a page of another origin: open the dashboard at its own address, which is --dashboard-url behind a proxy.';
  }
  return undefined;
}

function isSafe({ method }: Request): boolean {
  return safeMethods.has(method);
}

function isOwnOrigin(origin: string, request: Request, dashboardUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  if (dashboardUrl !== undefined && new URL(dashboardUrl).origin === origin) return true;
  return new URL(origin).host === request.get('host')?.toLowerCase();
}
