import { type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { WindlassError } from '../../domain/errors';
import { isForbiddenAddress, isForbiddenHost } from '../../domain/network/forbidden-hosts';
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
  resolve: Resolve = lookup,
): Promise<readonly string[]> {
  if (isForbiddenHost(host)) throw forbidden(host);
  const found = await resolve(withoutBrackets(host), { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  if (addresses.some(isForbiddenAddress)) throw forbidden(host);
  return addresses;
}

function forbidden(host: string): WindlassError {
  return new WindlassError(
    'host-not-allowed',
    `The repository's host ${host} is, or resolves to, a link-local or metadata address.`,
  );
}
