import { type CredentialsReference } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { type FollowedRepository, referenceKey } from '../../domain/promotion/followed-repository';
import { parseRepositoryUrl, type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type ProviderModule, type PullRequestProvider } from '../../providers/port';
import { type PullRequestStrategy } from '../../domain/pipeline/pipeline';
import { type BindApiAccess } from '../../providers/rest/api-access';
import { trustedHosts } from '../../providers/rest/api-address';
import { type IndexedPipelineStore } from '../../store/pipeline-store';

/** What it takes to reach a provider. */
export interface ProviderDependencies {
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

export interface NamedProviderDependencies extends ProviderDependencies {
  readonly store: Pick<IndexedPipelineStore, 'repositories'>;
}

/**
 * The provider's API for a repository that a workflow names. A client of Temporal can start a workflow with any Secret and
 * host, so a Pipeline must name exactly these.
 * @throws WindlassError not-authorized, where none does; store-unavailable
 */
export async function connectNamedProvider(
  dependencies: NamedProviderDependencies,
  repository: FollowedRepository,
): Promise<ConnectedProvider> {
  const { provider, url } = repository;
  const named = await dependencies.store.repositories(provider, parseRepositoryUrl(url));
  if (!named.some((each) => referenceKey(each) === referenceKey(repository))) throw notNamed(repository);
  return connectProvider(dependencies, repository);
}

function notNamed({ namespace, secretName }: FollowedRepository): WindlassError {
  const says = `No Pipeline in ${namespace} names this repository with the Secret ${secretName}: nothing is sent to it.`;
  return new WindlassError('not-authorized', says);
}

/**
 * The provider's API for a repository that a Pipeline names.
 * @throws WindlassError when the URL or the provider is not as it must be
 */
export function connectProvider(
  dependencies: ProviderDependencies,
  { namespace, secretName, provider: type, url, apiUrl: given }: FollowedRepository,
): ConnectedProvider {
  const module = dependencies.provider(type);
  const repository = parseRepositoryUrl(url);
  const apiUrl = given ?? module.apiUrlFor(repository);
  const hosts = trustedHosts(module, repository);
  const credentials: CredentialsReference = { namespace, secretName, provider: type, hosts };
  const access = dependencies.apiAccess(credentials);
  return { provider: module.connect({ repository, apiUrl, access }), module, repository, credentials };
}
