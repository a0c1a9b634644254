import ipaddr from 'ipaddr.js';

/** One customer usually holds a whole /64, so a single address of it says nothing. */
const ipv6Groups = 4;

/**
 * The key under which what comes from an address is counted: an IPv4 address as it is, an IPv6 address by its /64.
 * @returns undefined where the text is no address
 */
export function networkKey(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const prefix = parsed.parts.slice(0, ipv6Groups).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}
