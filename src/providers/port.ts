import { type ProviderType } from '../domain/pipeline/pipeline';
import { type ServerRefusal } from '../domain/git-server';
import { type RepositoryUrl } from '../domain/pipeline/repository-url';
import { type Outbound } from '../http/outbound/outbound';

/** A pull request, whatever the provider calls it. */
export interface PullRequest {
  /** What the provider's API calls it by, as people see it: `12` for #12 and !12. */
  readonly number: number;
  /** The page that a person opens. */
  readonly url: string;
  readonly title: string;
  readonly body: string;
}

export interface BranchPair {
  /** The promotion branch. */
  readonly head: string;
  readonly base: string;
}

export interface PullRequestDraft extends BranchPair {
  readonly title: string;
  readonly body: string;
}

/** The longest texts that a service takes, in UTF-16 code units: never more than it counts itself. */
export interface TextLimits {
  readonly title: number;
  readonly body: number;
}

/**
 * What Windlass needs of a Git hosting service, for one repository.
 * Every method throws WindlassError, classified by the provider's own folder.
 */
export interface PullRequestProvider {
  /** What `create` and `update` may be given; `ensurePullRequest` cuts to fit. */
  readonly limits: TextLimits;
  findOpen(branches: BranchPair, signal: AbortSignal): Promise<PullRequest | undefined>;
  /** @returns undefined when the service says that an open one exists already for these branches */
  create(draft: PullRequestDraft, signal: AbortSignal): Promise<PullRequest | undefined>;
  update(
    pullRequest: PullRequest,
    content: { readonly title: string; readonly body: string },
    signal: AbortSignal,
  ): Promise<PullRequest>;
  /** Closes it unmerged, with a comment that says why; closing a closed one does nothing. */
  close(pullRequest: PullRequest, comment: string, signal: AbortSignal): Promise<void>;
}

export interface ProviderConnection {
  readonly repository: RepositoryUrl;
  /** The API's base URL; the provider's own rule applies where it is absent. */
  readonly apiUrl?: string;
  readonly access: ApiAccess;
}

/**
 * The way to a provider's API for one request, with the credentials of that moment. It holds no secret.
 * @throws WindlassError credentials-missing, store-unavailable; bad-credentials when the TLS material cannot be read
 */
export type ApiAccess = () => Promise<{ readonly token: string; readonly outbound: Outbound }>;

/** One Git hosting service: what the registry holds of each folder. */
export interface ProviderModule {
  readonly type: ProviderType;
  /** The user name that goes with an API token in Git over HTTP. */
  readonly gitUsername: string;
  /** The words in which its Git server refuses, to distinguish them from git's own. */
  readonly serverRefusals: readonly ServerRefusal[];
  /** The repository as Git is to address it, where that is not as the Pipeline does. */
  gitUrlFor?(repository: RepositoryUrl): RepositoryUrl;
  /** Where the API is for a repository, when the Pipeline does not say. */
  apiUrlFor(repository: RepositoryUrl): string;
  connect(connection: ProviderConnection): PullRequestProvider;
}
