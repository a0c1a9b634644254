import { type CredentialsReference } from '../../domain/credentials';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { parseRepositoryUrl, type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type ProviderModule, type PullRequestProvider } from '../../providers/port';
import { trustedHosts } from '../../providers/rest/api-address';
import { type PullRequestDependencies } from './pull-request-context';

export interface ConnectedProvider {
  readonly provider: PullRequestProvider;
  readonly module: ProviderModule;
  readonly repository: RepositoryUrl;
  /** A reference: no secret. */
  readonly credentials: CredentialsReference;
}

/**
 * The provider's API for a repository.
 * @throws WindlassError when the URL or the provider is not as it must be
 */
export function connectProvider(
  dependencies: Pick<PullRequestDependencies, 'provider' | 'apiAccess'>,
  { namespace, secretName, provider: type, url, apiUrl: given }: FollowedRepository,
): ConnectedProvider {
  const module = dependencies.provider(type);
  const repository = parseRepositoryUrl(url);
  const apiUrl = given ?? module.apiUrlFor(repository);
  const credentials: CredentialsReference = { namespace, secretName, provider: type };
  const access = dependencies.apiAccess(credentials, trustedHosts(module, repository));
  return { provider: module.connect({ repository, apiUrl, access }), module, repository, credentials };
}
