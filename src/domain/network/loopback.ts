import ipaddr from 'ipaddr.js';

/** `isLoopbackHost` as a pattern, for example for an API server; matches the usual spellings. */
export const loopbackHostPattern = '(localhost|127(\\.[0-9]+){3}|\\[::1\\])';

/** Whether a host as URLs have it (`URL.hostname`: a name, an IPv4 address, an IPv6 address in brackets or bare) is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const name = withoutBrackets(hostname.toLowerCase().replace(/\.+$/, ''));
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name);
  return isAddress ? ipaddr.process(name).range() === 'loopback' : name === 'localhost';
}

/** An IPv6 address as address parsers take it. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
