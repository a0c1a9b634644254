import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { type PromotionTask } from '../domain/promotion/promotion';
import { keyOf, type PromotionNews } from '../domain/promotion/promotion-news';
import { laneId } from './contract/ids';
import { newsSignal } from './contract/messages';

/** Tells the lane how its promotion stands. If the lane has ended, the next one finds the promotion by itself. */
export async function tellLane(task: PromotionTask, news: PromotionNews): Promise<void> {
  try {
    await getExternalWorkflowHandle(laneId(task.pipeline, task.to)).signal(newsSignal, keyOf(task), news);
  } catch (error) {
    log.info('the lane does not run', { news: news.stage, error: String(error) });
  }
}
