/** Cookies of the dashboard (RFC 6265), and whether a request came by TLS. */
import { type Request } from 'express';
import { isLoopbackHost } from '../../domain/network/loopback';

/** Browsers keep 4,096 bytes of name and value. */
const longestPart = 3_800;
/** In one line of a request: more than 8 KiB of it, NGINX refuses. */
const mostParts = 2;
/** What a value can have. */
export const longestCookie = longestPart * mostParts;

export interface CookieSite {
  /** The URL of the dashboard, as the operator set it. */
  readonly dashboardUrl?: string;
}

/** One value in the browser, in as many cookies as it needs. */
export interface Cookie {
  /** @returns undefined: the request has none */
  read(request: Request): string | undefined;
  /** @param value at most `longestCookie` characters, without any that cookies cannot have @returns the headers `Set-Cookie` */
  write(request: Request, value: string, seconds: number): string[];
  /** @returns the headers `Set-Cookie` */
  erase(request: Request): string[];
}

export function createCookie(purpose: 'session' | 'login', site: CookieSite): Cookie {
  const part = (request: Request, index: number, value: string, seconds: number): string => {
    const secure = isSecure(request, site) ? '; Secure' : '';
    const name = nameOf(request, purpose, index, site);
    // Lax: the issuer sends the browser back by a link, with which `Strict` would send nothing.
    return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
  };
  const indexes = Array.from({ length: mostParts }, (_, index) => index);
  return {
    read(request) {
      const given = cookiesOf(request);
      const parts = indexes.map((index) => given.get(nameOf(request, purpose, index, site)) ?? '');
      return parts[0] === '' ? undefined : parts.join('');
    },
    write: (request, value, seconds) =>
      indexes.map((index) => {
        const text = value.slice(index * longestPart, (index + 1) * longestPart);
        return part(request, index, text, text === '' ? 0 : seconds);
      }),
    erase: (request) => indexes.map((index) => part(request, index, '', 0)),
  };
}

/**
 * Whether the browser talks TLS: it then never sends the cookie without, and no other host can set it (`__Host-`). By
 * port-forward it talks plain HTTP with this machine, whatever the dashboard's URL is.
 */
function isSecure(request: Request, { dashboardUrl }: CookieSite): boolean {
  if (isLoopbackHost(request.hostname)) return request.secure;
  return request.secure || dashboardUrl?.startsWith('https:') === true;
}

/** Whether the browser talks plain HTTP with its own machine, each of whose ports then gets the cookies. */
export function isPlainLoopback(request: Request): boolean {
  return isLoopbackHost(request.hostname) && !request.secure;
}

/** Browsers do not tell the ports of a host apart: on one machine, each Windlass has cookies of its own. */
function nameOf(request: Request, purpose: string, index: number, site: CookieSite): string {
  const part = index === 0 ? '' : `.${index}`;
  if (isSecure(request, site)) return `__Host-windlass-${purpose}${part}`;
  const port = /:(\d{1,5})$/.exec(request.get('host') ?? '')?.[1];
  return `windlass-${purpose}${port === undefined ? '' : `-${port}`}${part}`;
}

function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.get('cookie') ?? '').split(';')) {
    const [, name, value] = /^\s*([^=\s]+)=([\w-]*)\s*$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}
