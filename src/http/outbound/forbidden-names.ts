import { type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isForbiddenAddress, isForbiddenHost } from '../../domain/network/forbidden-hosts';
import { withoutBrackets } from '../../domain/network/loopback';

type Resolve = (hostname: string, options: { readonly all: true }) => Promise<LookupAddress[]>;

/**
 * Whether a host is, or resolves to, an address where Windlass sends nothing: for git and ssh, which resolve names by
 * themselves. A name that does not resolve is left to them, who say so better.
 */
export async function leadsToForbiddenHost(host: string, resolve: Resolve = lookup): Promise<boolean> {
  if (isForbiddenHost(host)) return true;
  const addresses = await resolve(withoutBrackets(host), { all: true }).catch(() => []);
  return addresses.some(({ address }) => isForbiddenAddress(address));
}
