import { type DroppedEvent } from '../../domain/lane/dropped-event';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import {
  type EndedProgress,
  type PromotionProgress,
  type PromotionTask,
} from '../../domain/promotion/promotion';

/** Reports a promotion's progress outside Temporal: in the Pipeline's status and Events. */
export interface ProgressReporter {
  /** Can be called again for the same progress. @throws if it could not be written; the caller retries for a while */
  report(task: PromotionTask, progress: PromotionProgress, signal: AbortSignal): Promise<void>;
  /** The state of a promotion that changed after its end. @throws as `report` */
  reportLaterEnd(task: PromotionTask, progress: EndedProgress, signal: AbortSignal): Promise<void>;
  /** An event that the lane into `environment` accepted and did not promote. @throws as `report` */
  reportDropped(
    pipeline: PipelineRef,
    environment: string,
    dropped: DroppedEvent,
    signal: AbortSignal,
  ): Promise<void>;
}
