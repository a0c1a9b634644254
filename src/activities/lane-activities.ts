import { type DroppedEvent } from '../domain/lane/dropped-event';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { type EndedProgress, type PromotionEnd, type PromotionTask } from '../domain/promotion/promotion';
import { type RunningPromotion } from '../temporal/running-promotions';

export interface LaneRef {
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
}

/** The activities of a lane: queries about promotions that it did not start itself, and what it reports. */
export interface LaneActivities {
  /** The running promotions into `environment`; from visibility, so a few seconds old. */
  findRunningPromotions(lane: LaneRef): Promise<readonly RunningPromotion[]>;
  /** The same for lanes of 0.1; fails, to be retried, while the promotion still runs. */
  awaitPromotion(workflowId: string): Promise<PromotionEnd>;
  /** The end of a promotion, perhaps long ago; undefined while it runs. */
  promotionEnd(workflowId: string): Promise<PromotionEnd | undefined>;
  /** Whether this worker has a key, so that only what the API vouches for counts. */
  needsVouching(): Promise<boolean>;
  /** Writes an Event on the Pipeline, if Pipelines have Events. */
  reportDroppedEvent(lane: LaneRef, dropped: DroppedEvent): Promise<void>;
  /** Corrects what the Pipeline says of a promotion that has ended, if Pipelines have a status. */
  reportLaterEnd(task: PromotionTask, progress: EndedProgress): Promise<void>;
}
