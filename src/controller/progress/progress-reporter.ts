import { type PromotionProgress, type PromotionTask } from '../../domain/promotion/promotion';

/** Reports a promotion's progress outside Temporal: in the Pipeline's status and Events. */
export interface ProgressReporter {
  /** Can be called again for the same progress. @throws if it could not be written; the caller retries for a while */
  report(task: PromotionTask, progress: PromotionProgress, signal: AbortSignal): Promise<void>;
}
