import { type PromotionProgress, type PromotionTask } from '../../domain/promotion/promotion';

/** Where people who do not look at Temporal see how a promotion goes: the Pipeline's status and Events. */
export interface ProgressReporter {
  /** May be called again for the same progress. @throws when it could not be written; the caller tries again for a while */
  report(task: PromotionTask, progress: PromotionProgress, signal: AbortSignal): Promise<void>;
}
