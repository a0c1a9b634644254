import { WindlassError } from '../../domain/errors';
import { isForbiddenHost } from '../../domain/network/forbidden-hosts';
import { checkReach, type HostReach } from '../../domain/network/host-reach';
import { checkCredentialsMayTravel } from '../../domain/network/plain-http';

export interface RequestPolicy {
  /** `host` or `host:port`, as in a URL: the port is named unless it is the scheme's own. */
  readonly allowedHosts: readonly string[];
  /** Where the hosts may be; absent: anywhere but at metadata services, for what the operator names. */
  readonly reach?: HostReach;
  /** Whether credentials may travel over http: to other machines. */
  readonly allowPlainHttp: boolean;
}

/** Headers that carry credentials to a Git provider. */
const credentialHeaders = ['authorization', 'private-token', 'job-token', 'cookie'];

/** @throws WindlassError host-not-allowed or plain-http when the request must not leave */
export function checkRequest(url: URL, headers: Headers, policy: RequestPolicy): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new WindlassError('host-not-allowed', `${url.protocol} URLs are not spoken to: use https.`);
  }
  if (isForbiddenHost(url.hostname)) {
    throw new WindlassError(
      'host-not-allowed',
      `${url.host} is a link-local or cloud metadata address, where Windlass sends nothing.`,
    );
  }
  if (!policy.allowedHosts.some((allowed) => sameHost(allowed, url))) {
    throw new WindlassError(
      'host-not-allowed',
      `${url.host} is neither the repository's own host nor named in --allowed-hosts.`,
    );
  }
  if (policy.reach !== undefined) checkReach(url.hostname, policy.reach);
  if (credentialHeaders.some((name) => headers.has(name)))
    checkCredentialsMayTravel(url, policy.allowPlainHttp);
}

/** Compares after the URL parser's normalisation: case, default port, spelling of addresses. */
function sameHost(allowed: string, url: URL): boolean {
  const candidate = `${url.protocol}//${allowed}`;
  return URL.canParse(candidate) && new URL(candidate).host === url.host;
}
