import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type ProviderModule } from '../port';

/** `https://host[:port]` of the repository's web server. An ssh port does not define it. */
export function webOrigin(repository: RepositoryUrl): string {
  if (repository.protocol === 'ssh') return `https://${repository.host}`;
  const port = repository.port === undefined ? '' : `:${repository.port}`;
  return `${repository.protocol}://${repository.host}${port}`;
}

/**
 * The hosts that follow from a repository's URL, for `createOutbound`: its own host, the host of its provider's API, and the
 * others that the provider names. A Pipeline's `apiUrl` is not among them.
 */
export function trustedHosts(module: ProviderModule, repository: RepositoryUrl): readonly string[] {
  const hosts = [webOrigin(repository), module.apiUrlFor(repository)].map((url) => new URL(url).host);
  return [...new Set([...hosts, ...(module.otherHosts?.(repository) ?? [])])];
}

/**
 * The API's base URL without trailing slashes.
 * @param basePath how its path always ends, added where it is missing
 * @throws WindlassError invalid-pipeline
 */
export function parseApiUrl(text: string, basePath: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new WindlassError('invalid-pipeline', 'pull-request.apiUrl is not an https URL.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new WindlassError(
      'invalid-pipeline',
      'pull-request.apiUrl contains credentials, a query or a fragment: remove them.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(basePath) ? path : path + basePath;
  return url;
}
