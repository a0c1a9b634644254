import { type CredentialsReference } from '../../domain/credentials';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { parseRepositoryUrl, type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type ProviderModule, type PullRequestProvider } from '../../providers/port';
import { type PullRequestStrategy } from '../../domain/pipeline/pipeline';
import { type BindApiAccess } from '../../providers/rest/api-access';
import { trustedHosts } from '../../providers/rest/api-address';

/** What it takes to reach a provider. */
export interface ProviderDependencies {
  /** @throws WindlassError provider-unsupported */
  provider(type: PullRequestStrategy['provider']): ProviderModule;
  readonly apiAccess: BindApiAccess;
}

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
  dependencies: ProviderDependencies,
  { namespace, secretName, provider: type, url, apiUrl: given }: FollowedRepository,
): ConnectedProvider {
  const module = dependencies.provider(type);
  const repository = parseRepositoryUrl(url);
  const apiUrl = given ?? module.apiUrlFor(repository);
  const credentials: CredentialsReference = { namespace, secretName, provider: type };
  const access = dependencies.apiAccess(credentials, trustedHosts(module, repository));
  return { provider: module.connect({ repository, apiUrl, access }), module, repository, credentials };
}
