import ipaddr from 'ipaddr.js';

/** One customer usually holds a whole /64, so a single address of it says nothing. */
const ipv6Groups = 4;

/**
 * The key under which a client's failed requests are counted: an IPv4 address as it is, an IPv6 address by its /64.
 * @param forwarded what a trusted proxy says, or the peer itself where there is none; proxies may add a port
 * @param peer address at the other end of the connection: used where `forwarded` is no address
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
