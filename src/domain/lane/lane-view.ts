/**
 * What is shown of a lane: its memo in Temporal, from which `api` makes its lists. Some kilobytes at most. It outlives
 * upgrades: add fields as optional ones.
 */
import { type FailureCode } from '../errors';
import { type PipelineRef } from '../pipeline/pipeline';
import { type PromotionAction } from '../promotion/promotion';
import { type ShownState } from '../promotion/states';
import { type HeldVersion, type Proposal, type Settling } from './lane-state';
import { type LaneOutcome } from './lane-outcome';

export interface LaneView {
  readonly schema: 1;
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  /** See `laneSentence`. */
  readonly sentence: string;
  /** The promotion that acts. */
  readonly acting?: ActingPromotion;
  /** Merged or notified, and not seen to run yet. */
  readonly settling?: Omit<Settling, 'task'> & { readonly version: string; readonly identity: string };
  /** Versions that wait behind it, the next one first. */
  readonly queued?: readonly string[];
  readonly held?: readonly Omit<HeldVersion, 'task'>[];
  /** What targets of this environment reported, by object. */
  readonly running?: readonly RunningTarget[];
  /** The same of the environment promoted from. */
  readonly source?: readonly RunningTarget[];
  /** The last promotion, where it failed and nothing took its place. */
  readonly failed?: { readonly version: string; readonly code?: FailureCode | 'unknown' };
  readonly last?: Pick<LaneOutcome, 'version' | 'state' | 'detail' | 'by' | 'endedAt'>;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface ActingPromotion {
  readonly version: string;
  readonly action: PromotionAction;
  /** Of its event; with the version, it names the promotion's workflow: see `promotionId`. */
  readonly identity: string;
  /** The environment promoted from. */
  readonly from: string;
  /** When its event came, milliseconds since the epoch. */
  readonly since: number;
  /** What it waits for; absent: nothing, or lanes of older versions do not know. */
  readonly state?: ShownState;
  /** The same as a sentence without a full stop. */
  readonly waits?: string;
  readonly proposal?: Proposal;
}

export interface RunningTarget {
  readonly version: string;
  /** The HelmRelease's `namespace/name`, or what reported it. */
  readonly object: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
