import { isCancellation, log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { type PromotionActivities } from '../activities/promotion-activities';
import { type PromotionProgress, type PromotionTask } from '../domain/promotion/promotion';

/** A promotion is not held up for long by whoever only watches. */
const { reportProgress } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Tells those who watch the Pipeline, where there are any. A report that cannot be written fails no promotion. */
export async function report(
  wanted: boolean | undefined,
  task: PromotionTask,
  progress: Omit<PromotionProgress, 'workflowId' | 'startedAt' | 'at'>,
): Promise<void> {
  if (wanted !== true) return;
  const { workflowId, startTime } = workflowInfo();
  try {
    await reportProgress(task, { ...progress, workflowId, startedAt: startTime.getTime(), at: Date.now() });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the progress could not be reported', { state: progress.state, error: String(error) });
  }
}
