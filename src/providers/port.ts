import { type PullRequestState } from '../domain/promotion/pull-request-state';
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
 * What earlier answers said, so that the next request is conditional. Small, plain JSON: it is kept in a workflow's
 * history. It covers the pull requests that were asked for when it was obtained, and no others.
 */
export interface SeenPullRequests {
  /** The entity tag (RFC 9110, 8.8.3) of the newest page. */
  readonly tag?: string;
  /** The newest change, as the service writes times. */
  readonly updatedAt?: string;
}

/** What a call needs to know of the pull request that it is about. */
export interface Numbered {
  readonly number: number;
}

/** A commit of a pull request. */
export interface PullRequestCommit {
  /** Commit id. */
  readonly id: string;
  /** The whole message, up to 65,536 UTF-16 code units. */
  readonly message: string;
  /**
   * All names of its author and committer, each once: the service's own where it says them, and the name and address in the
   * commit. Up to 255 UTF-16 code units each.
   */
  readonly people: readonly string[];
}

export interface LatestPullRequest extends PullRequest, PullRequestState {
  readonly head: string;
}

export interface PullRequestChanges {
  readonly seen: SeenPullRequests;
  readonly states: readonly PullRequestState[];
}

/** The status of a commit that tells whether Windlass's gates are open. */
export interface GateCheck {
  /** Commit id. */
  readonly head: string;
  readonly state: 'pending' | 'success';
  /** One sentence; what the service has no room for is cut. */
  readonly description: string;
  /** The page that explains it. */
  readonly url?: string;
}

/** The checks of a commit together, without `windlass/gates`; skipped ones, and ones that may fail, do not count. */
export type ChecksState = 'none' | 'pending' | 'passed' | 'failed';

export type MergeOutcome =
  | { readonly merged: true }
  | {
      readonly merged: false;
      /**
       * `behind`: the base branch moved, and has to be in the head first. `not-ready`: may pass by itself or by a person's
       * review. `not-allowed`: a setting or a right has to change, or it is closed.
       */
      readonly because: 'head-moved' | 'conflict' | 'behind' | 'not-allowed' | 'not-ready';
      /** The service's own, redacted and bounded. */
      readonly words: string;
    };

/** One comment, to be edited instead of repeated. */
export interface KeyedComment {
  /** Unique within its pull request. */
  readonly key: string;
  /** Markdown. */
  readonly body: string;
}

/** The name of Windlass's own status on a commit, as branch protection names it. */
export const gatesCheckName = 'windlass/gates';

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
  /**
   * The states of these pull requests that changed since `seen`. One conditional request for the repository while nothing has
   * changed, and never one per open pull request. Without `seen`, or where the list does not reach back that far, all of
   * `numbers` are read: ask without it for numbers that `seen` does not cover.
   * @returns the states that may have changed, of `numbers` only, and what to pass next time. A number that does not exist
   * (any more) is closed, which only a question without `seen` is sure to notice
   */
  changes(
    asked: { readonly numbers: readonly number[]; readonly seen?: SeenPullRequests },
    signal: AbortSignal,
  ): Promise<PullRequestChanges>;
  /**
   * Which of these open pull requests the service cannot merge because of conflicts; one of which it does not know yet is not
   * among them. One request for each at most.
   */
  conflicting(numbers: readonly number[], signal: AbortSignal): Promise<readonly number[]>;
  /** Its commits, the oldest first; of more than 250, some are left out. */
  commits(pullRequest: Numbered, signal: AbortSignal): Promise<readonly PullRequestCommit[]>;
  /**
   * Whether `windlass/gates` has to succeed before a pull request into this branch is merged.
   * @returns undefined where it cannot be known, as where the token may not see it
   */
  requiresCheck(base: string, signal: AbortSignal): Promise<boolean | undefined>;
  /** The newest pull request from head into base, in any state. */
  latest(branches: BranchPair, signal: AbortSignal): Promise<LatestPullRequest | undefined>;
  /** Sets `windlass/gates` on a commit; setting the same again does nothing. */
  setCheck(check: GateCheck, signal: AbortSignal): Promise<void>;
  /** @param head commit id */
  checks(head: string, signal: AbortSignal): Promise<ChecksState>;
  /** Merges only if its head is still exactly that commit. One that is merged already stays as it is, and counts as merged. */
  merge(pullRequest: Numbered, head: string, signal: AbortSignal): Promise<MergeOutcome>;
  /** Writes a comment, or edits the one that the same user wrote with the same key. */
  comment(pullRequest: Numbered, comment: KeyedComment, signal: AbortSignal): Promise<void>;
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
