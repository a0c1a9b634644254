import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { type FollowedPromotion } from '../workflows/contract/messages';
import { type GatePolicies } from '../domain/gates/registry';
import {
  type PromotionProgress,
  type PromotionTask,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import { type Sentence } from '../domain/rich-text';
import { type RejectedBy } from '../domain/capability/parting';
import { type RetrySettings } from '../domain/retry';

/** The hop exists: how to promote it, and the facts for its gates. */
export interface ReadyPromotion extends GatePolicies {
  readonly status: 'ready';
  readonly strategy: 'pull-request' | 'notification';
  readonly application: string;
  readonly retry: RetrySettings;
  /** The promotion's progress must be reported. */
  readonly reported?: boolean;
  /** People are notified: of what needs them, or of routine success as well. Absent: of nothing. */
  readonly notices?: 'needed' | 'all';
  /** Where its pull requests are. Older workers do not say it. */
  readonly repository?: FollowedRepository;
  readonly autoMerge?: true;
  /** Milliseconds. */
  readonly expireAfterMs?: number;
  /** Milliseconds. */
  readonly deployTimeoutMs?: number;
}

/** What a promotion needs to know of its hop; holds references only, since it stays in the workflow's history. */
export type Resolution =
  | ReadyPromotion
  /** The pipeline is gone, or no longer has this hop. */
  | { readonly status: 'ignored'; readonly reason: string };

export type PullRequestResult =
  | PullRequestOpened
  | { readonly state: 'unchanged'; readonly warnings?: readonly string[] }
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'ignored'; readonly reason: string }
  /** Before the lane began to remember, someone closed the pull request for this very version. */
  | {
      readonly state: 'closed';
      readonly url: string;
      readonly number: number;
      readonly by?: string;
    };

/** What stands before the merge of a pull request when it is opened. */
export interface ProposalGates {
  /** What the closed ones say; absent: all are open. */
  readonly closed?: Sentence;
  /** Whether branch protection should require the check: there are gates. */
  readonly matter: boolean;
  /** There is a comment that says so. */
  readonly commented?: boolean;
}

/** Its promotion branch is named after it. */
export type PromotionHop = Pick<PromotionTask, 'pipeline' | 'from' | 'to'>;

/** Whose pull request it is, and what its promotion has. */
export interface ShownProposal {
  readonly hop: PromotionHop;
  /** The branch that it was opened into. */
  readonly base?: string;
  /** Where the gates are open: with what was decided, and what vouches for its commit (`proposed`). */
  readonly task?: PromotionTask;
  /** Where the gates are open: for this commit. */
  readonly head?: string;
}

/** A pull request that may be in its base branch's merge queue. */
export interface QueuedProposal {
  readonly number: number;
  readonly hop: PromotionHop;
  /** The branch that it was opened into. */
  readonly base?: string;
}

export interface Parting {
  /** Otherwise it stays open, and its check no longer waits for anything. */
  readonly close: boolean;
  /** Markdown. */
  readonly comment: string;
}

/** What allows a promotion to part from its pull request. */
export interface PartingProof {
  readonly task: PromotionTask;
  /** The branch that it was opened into. */
  readonly base?: string;
  /** Of a promotion that was rejected. */
  readonly rejection?: RejectedBy;
}

export type MergeablePullRequest = Pick<PullRequestOpened, 'number' | 'head' | 'repository' | 'capability'>;

export type MergeResult =
  | { readonly state: 'merged'; readonly by?: string; readonly at?: number }
  /** By others. */
  | { readonly state: 'closed'; readonly by?: string; readonly at?: number }
  | {
      readonly state: 'not-merged';
      readonly because:
        | 'head-moved'
        | 'conflict'
        | 'behind'
        | 'not-allowed'
        | 'not-ready'
        | 'queued'
        | 'commits-of-others'
        | 'no-checks'
        | 'checks-pending'
        | 'checks-failed';
      /** For people: the service's own, or what to do. */
      readonly words: string;
    };

/**
 * The activities of a promotion. Each throws an ApplicationFailure whose type is a FailureCode. With `before` (milliseconds
 * since the epoch), one that begins at that time or later does nothing and throws `gatesClosed`. So does one whose
 * environment is suspended or frozen right before it acts, or for which people have not decided enough.
 */
export interface PromotionActivities {
  resolvePromotion(task: PromotionTask): Promise<Resolution>;
  openPullRequest(task: PromotionTask, before?: number, gates?: ProposalGates): Promise<PullRequestResult>;
  withdrawPullRequest(task: PromotionTask): Promise<{ readonly url?: string }>;
  notify(task: PromotionTask, before?: number): Promise<void>;
  /** The promotion gets the signal `pull-request` when its pull request is merged or closed. */
  followPullRequest(repository: FollowedRepository, promotion: FollowedPromotion): Promise<void>;
  /**
   * Says on an open pull request what its closed gates say, or that they are open.
   * @param checkOnly without a comment: there was none
   * @param proposal workers before 0.2 did not send it
   */
  tellGates(
    repository: FollowedRepository,
    number: number,
    closed?: Sentence,
    checkOnly?: boolean,
    proposal?: ShownProposal,
  ): Promise<void>;
  /** Merges it, if it is exactly what Windlass proposed, its checks have passed, and nothing has closed meanwhile. */
  mergePullRequest(task: PromotionTask, opened: MergeablePullRequest, before?: number): Promise<MergeResult>;
  /** Takes it out of the merge queue that `mergePullRequest` may have added it to. */
  leaveMergeQueue(repository: FollowedRepository, queued: QueuedProposal): Promise<void>;
  /** @param proof workers before 0.2 did not send it */
  partFromPullRequest(
    repository: FollowedRepository,
    number: number,
    parting: Parting,
    proof?: PartingProof,
  ): Promise<void>;
  reportProgress(task: PromotionTask, progress: PromotionProgress): Promise<void>;
}
