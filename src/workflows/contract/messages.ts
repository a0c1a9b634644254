/**
 * The messages of the workflows: their input, signals, updates, queries and memos.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type DecisionInput } from '../../domain/approvals/decision';
import { type EnvironmentFact } from '../../domain/environment-fact';
import { type DeploymentEvent } from '../../domain/event';
import { type LaneState } from '../../domain/lane/lane-state';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';

export interface LaneStart {
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  /** The state from before the lane continued as new. */
  readonly state?: LaneState;
}

/** To a lane: a target reports its version. */
export const reportSignal = defineSignal<[DeploymentEvent]>('report');
/** To a lane: what the environment that it promotes into says of itself. */
export const factSignal = defineSignal<[EnvironmentFact]>('fact');
/** To a lane: run the last failed promotion again. */
export const retrySignal = defineSignal('retry');
/** To a lane: the same as the signal, answered with what happens. */
export const retryUpdate = defineUpdate<string>('retry');
/** To a lane: end when no promotion is in progress. */
export const drainSignal = defineSignal('drain');
export const laneStateQuery = defineQuery<LaneState>('state');

/** To a promotion: stop at the next wait, in favor of the version that the text names. */
export const supersedeSignal = defineSignal<[by: string]>('supersede');
/** To a promotion: stop at the next wait, and start again later. */
export const yieldSignal = defineSignal('yield');

/** To a suspended promotion: check the Pipeline now. */
export const reconsiderSignal = defineSignal('reconsider');

export interface Approval {
  /** Must be the version that waits: an approval never applies to another one. */
  readonly version: string;
  /** The approver, for the history. */
  readonly by?: string;
}
/** To a promotion held by `manual: true`; returns the accepted approval. */
export const promoteUpdate = defineUpdate<Approval, [Approval]>('promote');

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

/** To a follower: something has changed in the repository, so look now. */
export const lookSignal = defineSignal('look');

/** The type of the failure of an activity that began after the promotion's gates had closed. */
export const gatesClosed = 'gates-closed';

/** A promotion's memo: lets a new lane adopt the running promotions. */
export interface PromotionMemo {
  readonly task: PromotionTask;
}
