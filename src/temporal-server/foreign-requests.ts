import { type IncomingHttpHeaders } from 'node:http';

/** Names of this machine that no DNS server can give to another. The port is free: `kubectl port-forward` changes it. */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

export interface BrowserRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Finds requests that a browser sends for another site than the Web UI: under a name that was rebound to this machine
 * (Host), or from a page of another origin (Origin; Sec-Fetch-Site of the Fetch Metadata specification). A link from
 * another site to a page of the Web UI is not foreign. Programs that send none of these headers are not browsers.
 * @returns the reason in one sentence; undefined if the request is not foreign
 */
export function foreignRequestReason({ method, headers }: BrowserRequest): string | undefined {
  const { host = '', origin } = headers;
  if (!ownHost.test(host)) {
    return 'the Temporal Web UI answers only to the host names 127.0.0.1, localhost and [::1].';
  }
  const site = headers['sec-fetch-site'] ?? 'none';
  // Not `same-site`: pages of other ports of this machine are that, and share the Web UI's cookies.
  const isOwnPage = site === 'same-origin' || site === 'none';
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  const isOwnOrigin = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;
  if (isOwnOrigin && (isOwnPage || isLink)) return undefined;
  return 'the Temporal Web UI accepts no requests from pages of other origins.';
}
