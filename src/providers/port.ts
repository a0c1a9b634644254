import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { type RateFigures } from '../domain/budget/budget-message';
import { type Pace } from '../domain/budget/pace';
import { type ProviderType } from '../domain/pipeline/pipeline';
import { type ApiCredentials, type Credentials, type SecretData } from '../domain/credentials';
import { type ServerRefusal } from '../domain/git-server';
import { type RepositoryUrl } from '../domain/pipeline/repository-url';
import { type Outbound } from '../http/outbound/outbound';
import { type HiddenMarks } from './hidden-marks';

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
  /** Opened as a draft, where the service has them; what is open already stays as it is. */
  readonly draft?: boolean;
  /** How a person merges it by default, where the service keeps that with the pull request. */
  readonly manner?: MergeManner;
}

/** What a Pipeline wants on its pull requests besides the texts. */
export interface Decoration {
  readonly labels: readonly string[];
  readonly reviewers: { readonly users: readonly string[]; readonly teams: readonly string[] };
  readonly assignees: readonly string[];
}

/** How a pull request is merged, beyond what the repository's own settings say. */
export interface MergeManner {
  /** One commit of all; absent: as the repository prefers. */
  readonly squash?: boolean;
  /** Deletes the promotion branch after the merge. */
  readonly deleteBranch?: boolean;
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
  /** The open pull request at that head, where it is known: a service that keeps checks on pull requests looks for it otherwise. */
  readonly pullRequest?: Numbered;
}

/** The checks of a commit together, without `windlass/gates`; skipped ones, and ones that may fail, do not count. */
export type ChecksState = 'none' | 'pending' | 'passed' | 'failed';

export type MergeOutcome =
  | { readonly merged: true }
  | {
      readonly merged: false;
      /**
       * `behind`: the base branch moved, and has to be in the head first. `not-ready`: may pass by itself or by a person's
       * review. `not-allowed`: a setting or a right has to change, or it is closed. `queued`: it is in the branch's merge queue
       * or train, now or from before, which merges it when its turn comes.
       */
      readonly because: 'head-moved' | 'conflict' | 'behind' | 'not-allowed' | 'not-ready' | 'queued';
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
  /** How the service hides marks in Markdown; absent: in HTML comments. */
  readonly marks?: HiddenMarks;
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
   * among them. One request for each, or a few where the service answers the same for both.
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
  /**
   * @param head commit id
   * @param pullRequest the open one at that head, where it is known
   */
  checks(head: string, signal: AbortSignal, pullRequest?: Numbered): Promise<ChecksState>;
  /**
   * Merges only if its head is still exactly that commit, or adds it to the merge queue that the base branch requires. One that
   * is merged already stays as it is, and counts as merged.
   */
  merge(
    pullRequest: Numbered,
    merge: { readonly head: string; readonly manner: MergeManner },
    signal: AbortSignal,
  ): Promise<MergeOutcome>;
  /** Removes it from the merge queue or train; absent where the service has none. One that is not in it stays as it is. */
  leaveQueue?(pullRequest: Numbered, signal: AbortSignal): Promise<void>;
  /**
   * Adds the labels, reviewers and assignees that it lacks, and removes none. What is not there (a label, a user, a team) or
   * may not be added does not keep the others from being added.
   * @returns a sentence for each that could not be added
   */
  decorate(pullRequest: Numbered, decoration: Decoration, signal: AbortSignal): Promise<readonly string[]>;
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
export type ApiAccess = () => Promise<ApiRequestAccess>;

export interface ApiRequestAccess extends ApiCredentials {
  readonly outbound: Outbound;
  /** Absent: requests are sent at once. */
  readonly pacer?: Pacer;
}

/** A request, for those who say when it may be sent. */
export interface PacedRequest {
  /** The API's. */
  readonly host: string;
  /** What the service counts requests by. Secret. */
  readonly account: string;
  readonly pace: Pace;
  /** It changes something. */
  readonly changes: boolean;
}

/** What an answer says of the pace. */
export interface PacedAnswer {
  /** The service did not count it. */
  readonly isFree: boolean;
  readonly figures?: RateFigures;
  /** It was an answer of the service that could have told figures. */
  readonly isTelling: boolean;
  /** How long to wait before the next request, in milliseconds. */
  readonly stopMs?: number;
}

/** Sends requests when the limits of their host and credential let them. */
export interface Pacer {
  /** @throws WindlassError rate-limited, with the time of its turn, where that is not soon; the signal's reason */
  send<T extends { readonly said: PacedAnswer }>(
    request: PacedRequest,
    signal: AbortSignal,
    send: () => Promise<T>,
  ): Promise<T>;
}

export interface ExpiringToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A way to a token that expires. It holds secrets. */
export interface TokenExchange {
  /**
   * The hosts that it asks, each `host[:port]`, besides those that follow from the repository's URL. They are the service's own:
   * never what a Secret says.
   */
  readonly hosts: readonly string[];
  /** @throws WindlassError bad-credentials, forbidden, network, timed-out, provider-unavailable, rate-limited */
  obtain(outbound: Outbound): Promise<ExpiringToken>;
}

/** What a service has of what a Pipeline can ask for; a text says what it has instead, or why not. */
export interface ProviderFeatures {
  readonly draft: true | string;
  readonly labels: true | string;
  readonly reviewers: true | string;
  readonly teamReviewers: true | string;
  readonly assignees: true | string;
  readonly squash: true | string;
  readonly deleteBranch: true | string;
  readonly mergeQueue: true | string;
}

/** One Git hosting service: what the registry holds of each folder. */
export interface ProviderModule {
  readonly type: ProviderType;
  readonly features: ProviderFeatures;
  /** How Git over HTTP logs in with the API's token, where the Secret has nothing of its own for Git. */
  gitAccess(credentials: ApiCredentials): Pick<Credentials, 'basic' | 'bearerToken'>;
  /**
   * Where the Secret has, in place of a token, what tokens are obtained with.
   * @returns undefined where it has not
   * @throws WindlassError credentials-missing where it has a part of it only
   */
  tokenExchange?(data: SecretData): TokenExchange | undefined;
  /** The words in which its Git server refuses, to distinguish them from git's own. */
  readonly serverRefusals: readonly ServerRefusal[];
  /** The repository as Git is to address it, where that is not as the Pipeline does. */
  gitUrlFor?(repository: RepositoryUrl): RepositoryUrl;
  /**
   * The hosts besides the repository's own and its API's that the service consists of, each `host[:port]`: the credentials may go
   * there, too.
   */
  otherHosts?(repository: RepositoryUrl): readonly string[];
  /** Where the API is for a repository, when the Pipeline does not say. */
  apiUrlFor(repository: RepositoryUrl): string;
  connect(connection: ProviderConnection): PullRequestProvider;
}
