/**
 * What can be said to the workflows: their input, signals, updates, queries and memos.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type DeploymentEvent } from '../../domain/event';
import { type LaneState } from '../../domain/lane/lane';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';

export interface LaneStart {
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  /** Carried over when the lane continues as new. */
  readonly state?: LaneState;
}

/** To a lane: a target reports what it runs. */
export const reportSignal = defineSignal<[DeploymentEvent]>('report');
/** To a lane: run the last failed promotion again. */
export const retrySignal = defineSignal('retry');
/** To a lane: end once nothing is in hand. */
export const drainSignal = defineSignal('drain');
export const laneStateQuery = defineQuery<LaneState>('state');

/** To a promotion: make way, at the next wait, for what the text names. */
export const supersedeSignal = defineSignal<[by: string]>('supersede');
/** To a promotion: stop at the next wait, to be started afresh. */
export const yieldSignal = defineSignal('yield');

/** To a promotion that is suspended: look at the Pipeline now. */
export const reconsiderSignal = defineSignal('reconsider');

export interface Approval {
  /** Must be the version that waits: an approval is never for another one. */
  readonly version: string;
  /** Who approves, for the history. */
  readonly by?: string;
}
/** To a promotion held by `manual: true`; answers with the approval that it took. */
export const promoteUpdate = defineUpdate<Approval, [Approval]>('promote');

/** A promotion's memo: lets a fresh lane adopt the promotions that run already. */
export interface PromotionMemo {
  readonly task: PromotionTask;
}
