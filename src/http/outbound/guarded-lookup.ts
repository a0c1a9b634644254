import { lookup, type LookupAddress } from 'node:dns';
import { type LookupFunction } from 'node:net';
import { WindlassError } from '../../domain/errors';
import { isForbiddenAddress } from '../../domain/network/forbidden-hosts';
import { checkReach, type HostReach } from '../../domain/network/host-reach';
import { isLoopbackHost } from '../../domain/network/loopback';

type Resolve = (
  hostname: string,
  options: { readonly all: true; readonly family?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

/**
 * DNS for the connection itself: the addresses checked here are the ones connected to, so that a name which resolves
 * differently a moment later gains nothing. One forbidden address among several refuses them all.
 */
export function guardedLookup(resolve: Resolve = lookup, reach?: HostReach): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : options.family;
    resolve(hostname, { all: true, ...(family === undefined ? {} : { family }) }, (error, addresses = []) => {
      const [first] = addresses;
      if (error !== null || first === undefined) {
        callback(error ?? Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
        return;
      }
      const refused = addresses.find(({ address }) => isForbiddenAddress(address));
      if (refused !== undefined) {
        callback(forbidden(hostname, refused.address), []);
        return;
      }
      try {
        if (reach !== undefined) for (const { address } of addresses) checkReach(address, reach, hostname);
      } catch (error) {
        callback(error as WindlassError, []);
        return;
      }
      // `localhost` may carry credentials in plain text because they stay on this machine: see that they do.
      if (isLoopbackHost(hostname) && !addresses.every(({ address }) => isLoopbackHost(address))) {
        callback(forbidden(hostname, first.address), []);
        return;
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function forbidden(hostname: string, address: string): WindlassError {
  return new WindlassError(
    'host-not-allowed',
    `The name ${hostname} resolves to ${address}, where Windlass sends nothing.`,
  );
}
