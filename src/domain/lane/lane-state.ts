/** What a lane knows, as plain data that is kept in histories: `schema` says how to read it. */
import { type DroppedEvent } from './dropped-event';
import { type LaneOutcome } from './lane-outcome';
import { type OrderKey } from './order';
import { type PipelineRef } from '../pipeline/pipeline';
import { type PromotionTask } from '../promotion/promotion';

/** A promotion to start: `again` after a failure or a pause, although its id was used before. */
export type StartMode = 'new' | 'again';

export interface LaneTask extends PromotionTask {
  readonly start: StartMode;
}

/** The last report of a reporter. */
export interface Report extends OrderKey {
  readonly version: string;
  /** The object's `namespace/name`; absent in what the first builds kept. */
  readonly object?: string;
}

export interface LaneState {
  readonly schema: 1;
  readonly pipeline: PipelineRef;
  readonly environment: string;
  /** Identities of the handled events, oldest first. */
  readonly recent: readonly string[];
  /** One for each reporter, least recent first. */
  readonly reports: readonly Report[];
  /** The version that the lane decided to promote last. */
  readonly newest?: Report;
  readonly inHand?: LaneTask;
  readonly waiting?: LaneTask;
  readonly lastFailed?: LaneTask;
  /** Newest first. */
  readonly outcomes: readonly LaneOutcome[];
  /** Newest first. */
  readonly dropped?: readonly DroppedEvent[];
}

export function emptyLane(pipeline: PipelineRef, environment: string): LaneState {
  return { schema: 1, pipeline, environment, recent: [], reports: [], outcomes: [] };
}
