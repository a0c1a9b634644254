import ipaddr from 'ipaddr.js';
import { withoutBrackets } from './loopback';

/**
 * Addresses where clouds return the machine's credentials and that are not link-local, so no range covers them.
 * Link-local itself (169.254.0.0/16, fe80::/10) contains the most common one, 169.254.169.254.
 */
const metadataAddresses: ReadonlySet<string> = new Set(
  [
    '100.100.100.200', // Alibaba Cloud
    '168.63.129.16', // Azure's wire server
    '192.0.0.192', // Oracle Cloud
    'fd20:ce::254', // Google Cloud
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);

/** Where AWS puts all such services: `fd00:ec2::254` for the machine, `fd00:ec2::23` for a Pod. */
const awsServices = ipaddr.IPv6.parseCIDR('fd00:ec2::/32');

/** Names for the same: behind a proxy, the address that a name resolves to is never seen here. */
const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'api.metadata.cloud.ibm.com',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Whether an IP address is link-local or a cloud's metadata service, in any notation or embedding. */
export function isForbiddenAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = unwrap(ipaddr.process(address));
  if (parsed instanceof ipaddr.IPv6 && parsed.match(awsServices)) return true;
  return parsed.range() === 'linkLocal' || metadataAddresses.has(parsed.toNormalizedString());
}

/** The same for a URL's `hostname`: a name, an IPv4 address, or an IPv6 address in brackets. */
export function isForbiddenHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.+$/, '');
  return metadataNames.has(name) || isForbiddenAddress(withoutBrackets(name));
}

/** The prefix for a site's own NAT64 (RFC 8215). */
const localNat64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');
/** Addresses that are an IPv4 address and nothing else (RFC 4291, 2.5.5.1). */
const ipv4Compatible = ipaddr.IPv6.parseCIDR('::/96');

/** NAT64 (RFC 6052), SIIT (RFC 7915) and 6to4 (RFC 3056) carry an IPv4 address that the network would deliver to. */
export function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const bytes = address.toByteArray();
  const range = address.range();
  const atTheEnd = range === 'rfc6052' || range === 'rfc6145';
  if (atTheEnd || address.match(localNat64) || (address.match(ipv4Compatible) && range !== 'loopback'))
    return new ipaddr.IPv4(bytes.slice(12, 16));
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  return address;
}
