import { type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { checkReach, type HostReach } from '../../domain/network/host-reach';
import { withoutBrackets } from '../../domain/network/loopback';

type Resolve = (hostname: string, options: { readonly all: true }) => Promise<LookupAddress[]>;

/**
 * The addresses to which a host leads, none of which is one where Windlass sends nothing: for git, which is to connect to
 * these and not resolve the name again.
 * @returns none for a name that does not resolve: git says so better
 * @throws WindlassError host-not-allowed
 */
export async function permittedAddresses(
  host: string,
  reach: HostReach,
  resolve: Resolve = lookup,
): Promise<readonly string[]> {
  checkReach(host, reach);
  const found = await resolve(withoutBrackets(host), { all: true }).catch(() => []);
  for (const { address } of found) checkReach(address, reach, host);
  return found.map(({ address }) => address);
}
