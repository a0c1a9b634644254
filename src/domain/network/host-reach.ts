import ipaddr from 'ipaddr.js';
import { WindlassError } from '../errors';
import { isForbiddenAddress, isForbiddenHost, unwrap } from './forbidden-hosts';
import { isLoopbackHost, withoutBrackets } from './loopback';

/** How near the hosts may be that Pipelines name. */
export interface HostReach {
  /** Whether this machine may be called, whose services often trust everything that reaches them. */
  readonly loopback: boolean;
  /** Whether private networks may be called, where many have their Git service. */
  readonly privateNetworks: boolean;
  /** Those that the operator names, as host or host:port, may be called wherever they are, metadata services apart. */
  readonly allowedHosts: readonly string[];
}

const privateRanges: readonly string[] = ['private', 'uniqueLocal', 'carrierGradeNat'];
/** `0.0.0.0` leads to this machine too. */
const loopbackRanges: readonly string[] = ['loopback', 'unspecified'];

/**
 * @param host as URLs have it, or an address that it resolves to with `name`
 * @param name what resolved to it
 * @throws WindlassError host-not-allowed where nothing may be sent
 */
export function checkReach(host: string, reach: HostReach, name = host): void {
  const where = host === name ? `${host} is` : `${name} resolves to ${host},`;
  if (isForbiddenHost(host) || isForbiddenAddress(host)) {
    throw refused(`${where} a link-local or cloud metadata address, where Windlass sends nothing.`);
  }
  const allowed = reach.allowedHosts.some((each) => hostnameOf(each) === hostnameOf(name));
  if (allowed) return;
  const range = rangeOf(host);
  if (!reach.loopback && (isLoopbackHost(host) || loopbackRanges.includes(range))) {
    throw refused(`${where} this machine, which Pipelines may call only where --allowed-hosts names it.`);
  }
  if (!reach.privateNetworks && privateRanges.includes(range)) {
    throw refused(
      `${where} in a private network, which --refuse-private-hosts keeps Pipelines from calling.`,
    );
  }
}

function rangeOf(host: string): string {
  const address = withoutBrackets(host);
  return ipaddr.isValid(address) ? unwrap(ipaddr.process(address)).range() : '';
}

/** After the URL parser's normalisation, without port and the root's dot. */
function hostnameOf(host: string): string {
  const candidate = `http://${host.includes(':') && ipaddr.isValid(host) ? `[${host}]` : host}`;
  const name = URL.canParse(candidate) ? new URL(candidate).hostname : host;
  return name.toLowerCase().replace(/\.+$/, '');
}

function refused(sentence: string): WindlassError {
  return new WindlassError('host-not-allowed', sentence);
}
