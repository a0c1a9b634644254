/** A promotion's input and its possible ends. These types are stored in workflow histories: change with `patched`. */
import { type GivenApproval } from '../approvals/quorum';
import { type FailureCode } from '../errors';
import { type Actor, type Vouching } from '../people/actor';
import { type DeploymentEvent } from '../event';
import { formatPipelineRef, type PipelineRef } from '../pipeline/pipeline';
import { type FollowedRepository } from './followed-repository';
import { type ReportedState } from './states';

/** `promote`: bring the event's version into the environment. `withdraw`: close the pull request of `version`. */
export type PromotionAction = 'promote' | 'withdraw';

/** One promotion's input, as the lane starts it. */
export interface PromotionTask {
  readonly action: PromotionAction;
  readonly pipeline: PipelineRef;
  /** The environment promoted from. */
  readonly from: string;
  /** The environment promoted into. */
  readonly to: string;
  /** For `withdraw`: the version that the target no longer runs; otherwise the event's. */
  readonly version: string;
  readonly event: DeploymentEvent;
  /** Already approved, before the promotion had to start again. */
  readonly approved?: boolean;
  /** The promotion continues after its pull request is open, until it is merged and deployed. Lanes of 0.1 did not ask for it. */
  readonly followed?: true;
  /** Of the Helm tests of the version in the source environment, when the promotion started. */
  readonly tests?: 'passed' | 'failed';
  /** The lane does not know how earlier pull requests ended: the repository is asked before anything is proposed. */
  readonly recall?: true;
  /** The same of the approvals that `gates.approvals` asks for. */
  readonly approvals?: readonly GivenApproval[];
  /** Who asked for it, besides the event. */
  readonly requestedBy?: readonly string[];
  /** What people opened for this promotion alone. */
  readonly overridden?: readonly GateOverride[];
  /** A person asked for it by the API: then no target has reported the version for it. */
  readonly request?: PromotionRequest;
  /** Of `manual: true`: what `approved` stands for. */
  readonly manualApproval?: GivenApproval;
  /** Of a commit that is made again: the `ProposedClaim` of the one before. */
  readonly proposed?: string;
  /** Where its trace continues: that of the request that led to it. Beside the event, since a token vouches for all of that. */
  readonly traceparent?: string;
}

/** A person asks for a version. */
export interface PromotionRequest {
  readonly kind: 'promote' | 'rollback';
  readonly actor: Actor;
  readonly reason?: string;
  /** See `LaneAct`. */
  readonly key: string;
  /** An `ActClaim`. */
  readonly capability?: string;
}

/** A person opens gates for one promotion. */
export interface GateOverride {
  /** Names of gates, see `src/domain/gates/registry.ts`. */
  readonly gates: readonly string[];
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly via?: Vouching;
  /** The address of the client, for the record. */
  readonly from?: string;
  /** An `OverrideClaim`. */
  readonly capability?: string;
}

/** A pull request is open and has exactly this version. */
export interface PullRequestOpened {
  readonly state: 'pull-request';
  readonly url: string;
  readonly number: number;
  readonly change: 'created' | 'updated' | 'unchanged';
  /** The environment's current version. */
  readonly previous: string;
  /** What a reviewer must check first, in sentences. */
  readonly warnings?: readonly string[];
  /** Where it is followed; absent in histories of 0.1. */
  readonly repository?: FollowedRepository;
  /** The branch's head, a commit id. */
  readonly head?: string;
  /** What vouches for it: a `ProposedClaim`. */
  readonly capability?: string;
  /** The branch that it is merged into. */
  readonly base?: string;
  /** It lowers the version. */
  readonly downgrade?: true;
  /** Whether branch protection requires the check `windlass/gates`; absent: not known, or there are no gates. */
  readonly enforced?: boolean;
  /** It may be in its base branch's merge queue. */
  readonly queued?: true;
}

/** When the steps of a promotion were made, milliseconds since the epoch. The first one is the event's time. */
export interface PromotionTimes {
  /** The last approval that it needed. */
  readonly approvedAt?: number;
  readonly proposedAt?: number;
  readonly mergedAt?: number;
  readonly notifiedAt?: number;
  readonly deployedAt?: number;
}

/** A pull request that people have ended. */
interface EndedPullRequest extends PromotionTimes {
  readonly url: string;
  readonly number: number;
  /** Who merged or closed it, where the provider says so. */
  readonly by?: string;
  /** What its closed gates said when it was merged. */
  readonly outsideGates?: readonly string[];
}

export type PromotionOutcome =
  | PullRequestOpened
  /** Merged. The environment did not report the version, or a newer one was merged before it did. */
  | ({ readonly state: 'merged' } & EndedPullRequest)
  /** All targets of the environment run it. Without `url`: by notification. */
  | ({ readonly state: 'deployed' } & Partial<EndedPullRequest>)
  /** Merged, but the environment went back to the version `to`. */
  | ({ readonly state: 'rolled-back'; readonly to: string } & Partial<EndedPullRequest>)
  /** Closed without a merge, by a person. */
  | ({ readonly state: 'closed' } & EndedPullRequest)
  /** It waited for so many milliseconds; its pull request, if there was one, was closed. */
  | { readonly state: 'expired'; readonly afterMs: number; readonly url?: string; readonly number?: number }
  /** The base branch has that version already. */
  | { readonly state: 'unchanged'; readonly warnings?: readonly string[] }
  | ({ readonly state: 'notified' } & PromotionTimes)
  /** A newer version superseded it. */
  | { readonly state: 'superseded'; readonly by: string }
  /** A person rejected it, for the reason in the comment. */
  | {
      readonly state: 'rejected';
      readonly by: string;
      readonly comment?: string;
      /** Of its pull request, which was closed. */
      readonly url?: string;
    }
  /** The version's pull request was closed, or (no `url`) there was none. */
  | { readonly state: 'withdrawn'; readonly url?: string }
  /** The pipeline no longer has this hop. */
  | { readonly state: 'ignored'; readonly reason: string }
  /** Stopped between attempts on the lane's request, to be started again. */
  | {
      readonly state: 'yielded';
      readonly approved: boolean;
      readonly manualApproval?: GivenApproval;
      readonly approvals?: readonly GivenApproval[];
      readonly overridden?: readonly GateOverride[];
    };

/** The result of a promotion for its lane. */
export type PromotionEnd =
  | PromotionOutcome
  | { readonly state: 'failed'; readonly code: FailureCode | 'unknown'; readonly message: string }
  /** Cancelled or terminated by an operator. */
  | { readonly state: 'cancelled' };

/** A promotion's progress, for users of the Pipeline rather than of Temporal. */
export interface PromotionProgress {
  readonly state: ReportedState;
  /** The sentence for users, without markup. */
  readonly message: string;
  /** Of a failure. */
  readonly code?: FailureCode | 'unknown';
  /** The pull request's page. */
  readonly url?: string;
  readonly times?: PromotionTimes;
  /** Of the pull request: whether branch protection requires the check `windlass/gates`. */
  readonly enforced?: boolean;
  /** The workflow has ended with it; absent: as the table of states says. */
  readonly ended?: boolean;
  readonly workflowId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The state of a promotion that changed after its end: the Pipeline has its start already. */
export type EndedProgress = Omit<PromotionProgress, 'startedAt' | 'ended'>;

/** The message of a notification, with pipeline-controller's wording: CI systems may look for it. */
export function notificationMessage(pipeline: PipelineRef, environment: string, version: string): string {
  return `Promote pipeline ${formatPipelineRef(pipeline)} to ${environment} with version ${version}`;
}
