/**
 * The messages of the workflows: their input, signals, updates, queries and memos. Behind a report, a
 * fact, news and all updates, clients may add the `traceparent` of the request that led to it: it decides nothing, and older
 * code does not look at it.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type DecisionInput } from '../../domain/approvals/decision';
import { type OverrideInput } from '../../domain/approvals/override';
import { type BudgetAnswer, type BudgetAsk } from '../../domain/budget/budget-message';
import { type BudgetState } from '../../domain/budget/budget-state';
import { type EnvironmentFact } from '../../domain/environment-fact';
import { type DeploymentEvent } from '../../domain/event';
import { type ShownGate } from '../../domain/gates/shown-gate';
import { type ActAnswer, type LaneAct, type NotOnward } from '../../domain/lane/lane-act';
import { type LaneState } from '../../domain/lane/lane-state';
import { type LaneView } from '../../domain/lane/lane-view';
import { type Origin, type Vouched } from '../../domain/approvals/vouched';
import { type AuditRecord } from '../../domain/record/audit-record';
import { type KeptRecords } from '../../domain/record/record-list';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type Merger, type MergeQueue } from '../../domain/promotion/merge-queue';
import { type PromotionTask } from '../../domain/promotion/promotion';
import {
  type EnvironmentNews,
  type PromotionKey,
  type PromotionNews,
} from '../../domain/promotion/promotion-news';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';

export type { ActAnswer, LaneAct } from '../../domain/lane/lane-act';

export interface LaneStart {
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  /** The lane follows its promotions to their end; absent in lanes that older versions began. */
  readonly followed?: true;
  /** Temporal knew no earlier lane of this id, so most probably none left promotions running. */
  readonly first?: true;
  /** The state from before the lane continued as new. */
  readonly state?: LaneState;
}

/** To a lane: a target reports its version. */
export const reportSignal = defineSignal<[event: DeploymentEvent, traceparent?: string]>('report');
/** To a lane: what the environment that it promotes into says of itself. */
export const factSignal = defineSignal<[fact: EnvironmentFact, traceparent?: string]>('fact');
/** To a lane: run the last failed promotion again. */
export const retrySignal = defineSignal('retry');
/** To a lane: the same as the signal, answered with what happens. */
export const retryUpdate = defineUpdate<string>('retry');
/** To a lane: a promotion tells how it stands. */
export const newsSignal = defineSignal<[of: PromotionKey, news: PromotionNews]>('news');
/** To a lane that older code began: continue as new, so that its promotions are followed. */
export const wakeSignal = defineSignal('wake');
/** To a lane: end when no promotion is in progress. */
export const drainSignal = defineSignal('drain');
export const laneStateQuery = defineQuery<LaneState>('state');
/** What the lane waits for, as one sentence without a full stop: see `laneSentence`. */
export const laneSentenceQuery = defineQuery<string>('sentence');

/** To a promotion: stop at the next wait, in favor of the version that the text names. */
export const supersedeSignal = defineSignal<[by: string]>('supersede');
/** To a promotion: stop at the next wait, and start again later. */
export const yieldSignal = defineSignal('yield');

/** To a promotion: its lane no longer hears of its end by itself, so tell it, and how it stands now. */
export const rejoinSignal = defineSignal('rejoin');
/** To a promotion: the state of its pull request. */
export const pullRequestSignal = defineSignal<[PullRequestState]>('pull-request');
/** To a promotion that is merged or notified: what its environment runs. */
export const environmentSignal = defineSignal<[news: EnvironmentNews, traceparent?: string]>('environment');

/** To a suspended promotion: check the Pipeline now. */
export const reconsiderSignal = defineSignal('reconsider');

export interface Approval extends Vouched, Origin {
  /** Must be the version that waits: an approval never applies to another one. */
  readonly version: string;
  /** The approver, for the history. */
  readonly by?: string;
  /** The groups of this person, for the record. */
  readonly groups?: readonly string[];
  /** For the record. */
  readonly comment?: string;
}
/**
 * To a promotion held by `manual: true`: approves it; returns the accepted approval. To a lane: promotes a version that is
 * held in its environment; returns what happens.
 */
export const promoteUpdate = defineUpdate<Approval, [Approval]>('promote');
export const requestUpdate = defineUpdate<string, [Approval]>('promote');

/** To a lane. Refuses, with a sentence, what cannot be done; returns what happens. */
export const actUpdate = defineUpdate<ActAnswer, [LaneAct]>('act');
/** To a lane: something that was decided elsewhere about its environment, such as a suspension. */
export const recordSignal = defineSignal<[readonly AuditRecord[]]>('record');
/** To a lane: a person rolled the environment that it promotes from back. */
export const notOnwardSignal = defineSignal<[NotOnward]>('not-onward');
/** What a lane remembers of decisions and outcomes, newest first. */
export const recordsQuery = defineQuery<readonly AuditRecord[]>('records');
/** The same, with what it has forgotten. */
export const keptRecordsQuery = defineQuery<KeptRecords>('kept-records');

/** A lane's memo. */
export interface LaneMemo {
  readonly view: LaneView;
}

/** A promotion whose pull request is open. */
export interface FollowedPromotion {
  readonly workflowId: string;
  readonly number: number;
  /** The head that it knows, a commit id. */
  readonly head?: string;
  /** The head that Windlass made itself. */
  readonly own?: string;
  /** It knows of the conflicts of that head. */
  readonly conflicts?: true;
  readonly pipeline: PipelineRef;
  readonly from: string;
  readonly to: string;
}

export interface FollowerStart {
  readonly repository: FollowedRepository;
  /** From before it continued as new. */
  readonly followed?: readonly FollowedPromotion[];
  /** What the provider's answers said, see `PullRequestProvider.changes`. */
  readonly seen?: { readonly tag?: string; readonly updatedAt?: string };
  /** Those that want to merge. */
  readonly mergers?: MergeQueue;
}

/** To a follower: follow one more. */
export const followSignal = defineSignal<[FollowedPromotion]>('follow');
export interface ApprovalAnswer {
  /** For the person who approved: "1 of 2 approvals: alice." */
  readonly said: string;
  /** The people whose approvals count now. */
  readonly approvedBy: readonly string[];
  /** How many more are needed. */
  readonly missing: number;
}
/** To a promotion held by `gates.approvals`. */
export const approveUpdate = defineUpdate<ApprovalAnswer, [DecisionInput]>('approve');
/** The same: ends it. Returns a sentence that says so. */
export const rejectUpdate = defineUpdate<string, [DecisionInput]>('reject');

/** Of a promotion: each gate that is closed now, in the order in which people see them. */
export const closedGatesQuery = defineQuery<readonly ShownGate[]>('closed-gates');

/** Of a promotion: the commit of its pull request that approvals count for now; null: there is none. */
export const proposedHeadQuery = defineQuery<string | null>('proposed-head');

/** To a promotion: opens gates for it alone. Returns a sentence that says so. */
export const overrideUpdate = defineUpdate<string, [OverrideInput]>('override');

/** To a follower: a promotion wants to merge its pull request. */
export const joinMergesSignal = defineSignal<[Merger]>('join-merges');
/** To a follower: it does not want to, or no longer. */
export const leaveMergesSignal = defineSignal<[number: number]>('leave-merges');
/** To a promotion: it is its turn to merge. */
export const mergeTurnSignal = defineSignal('merge-turn');

/** To a follower: something has changed in the repository, so look now. */
export const lookSignal = defineSignal('look');

export interface BudgetStart {
  /** From before it continued as new. */
  readonly state?: BudgetState;
}

/** To a budget: a worker reports, and asks for requests. */
export const askBudgetUpdate = defineUpdate<BudgetAnswer, [BudgetAsk]>('ask');
export const budgetQuery = defineQuery<BudgetState>('state');

/** The type of the failure of an activity that began after the promotion's gates had closed. */
export const gatesClosed = 'gates-closed';

/** A promotion's memo: lets a new lane adopt the running promotions. */
export interface PromotionMemo {
  readonly task: PromotionTask;
}
