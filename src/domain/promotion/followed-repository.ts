import { type ProviderType, type PullRequestStrategy } from '../pipeline/pipeline';
import { repositoryIdentity } from '../pipeline/repository-identity';
import { readRepositoryUrl } from '../pipeline/repository-url';

/** The repository whose pull requests are followed, and the Secret to read them with: references only. */
export interface FollowedRepository {
  /** Of the Secret, and of the Pipelines that name it. */
  readonly namespace: string;
  readonly secretName: string;
  readonly provider: ProviderType;
  /** The repository's URL, as the Pipeline has it. */
  readonly url: string;
  /** As the Pipeline has it. */
  readonly apiUrl?: string;
}

/** The repository that a Pipeline of this namespace names. */
export function followedRepository(
  namespace: string,
  { secretName, provider, url, apiUrl }: PullRequestStrategy,
): FollowedRepository {
  return { namespace, secretName, provider, url, ...(apiUrl === undefined ? {} : { apiUrl }) };
}

/** The same text for the same reference: where requests go, and with which Secret. */
export function referenceKey({ namespace, secretName, provider, url, apiUrl }: FollowedRepository): string {
  return JSON.stringify([namespace, secretName, provider, url, apiUrl]);
}

/** Whether both are one repository, whatever the Secret, the API's address and the spelling of its URL. */
export function isSameRepository(a: FollowedRepository, b: FollowedRepository): boolean {
  return a.namespace === b.namespace && a.provider === b.provider && identityOf(a) === identityOf(b);
}

function identityOf({ url }: FollowedRepository): string {
  const reading = readRepositoryUrl(url);
  return reading.ok ? repositoryIdentity(reading.url) : url;
}
