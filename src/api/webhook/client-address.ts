import ipaddr from 'ipaddr.js';

/** A single customer usually has a whole /64, so a single address of it has no meaning. */
const ipv6Groups = 4;

/**
 * The key for counting a client's failed requests: an IPv4 address itself, or the /64 of an IPv6 address.
 * @param forwarded the address from a trusted proxy, or the peer itself without one; proxies may add a port
 * @param peer address of the connection's other end: used if `forwarded` is not an address
 */
export function clientKey(forwarded: string | undefined, peer: string | undefined): string {
  return addressKey(withoutPort(forwarded ?? '')) ?? addressKey(peer ?? '') ?? 'unknown';
}

function addressKey(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const prefix = address.parts.slice(0, ipv6Groups).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

function withoutPort(text: string): string {
  const match = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text);
  return match?.[1] ?? text;
}
