import { isIP } from 'node:net';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { withoutBrackets } from '../../domain/network/loopback';
import { type ConfigEntry } from '../process/git-environment';

const defaultPorts = { https: 443, http: 80 };

/**
 * Has git connect to the addresses that were checked instead of resolving the name again, for a name may lead elsewhere a
 * moment later. Git before 2.37 does not know the setting, ssh has none, and through a proxy it is the proxy that resolves.
 */
export function connectOnlyTo(
  { protocol, host, port }: RepositoryUrl,
  addresses: readonly string[],
): readonly ConfigEntry[] {
  if (protocol === 'ssh' || addresses.length === 0 || isIP(withoutBrackets(host)) !== 0) return [];
  const list = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address)).join(',');
  return [['http.curloptResolve', `${host}:${port ?? defaultPorts[protocol]}:${list}`]];
}
