import { type PipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionEnd } from '../domain/promotion/promotion';
import { type RunningPromotion } from '../temporal/running-promotions';

/** The activities of a lane: queries about promotions that it did not start itself. */
export interface LaneActivities {
  /** The running promotions into `environment`; from visibility, so a few seconds old. */
  findRunningPromotions(lane: {
    readonly pipeline: PipelineRef;
    readonly environment: string;
  }): Promise<readonly RunningPromotion[]>;
  /** The end of a promotion, perhaps long ago; fails, to be retried, while it still runs. */
  awaitPromotion(workflowId: string): Promise<PromotionEnd>;
}
