import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { type PromotionTask } from '../domain/promotion/promotion';
import { keyOf, type PromotionNews } from '../domain/promotion/promotion-news';
import { type NotOnward } from '../domain/lane/lane-act';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { laneId } from './contract/ids';
import { newsSignal, notOnwardSignal } from './contract/messages';

/** Tells the lane how its promotion stands. If the lane has ended, the next one finds the promotion by itself. */
export async function tellLane(task: PromotionTask, news: PromotionNews): Promise<void> {
  try {
    await getExternalWorkflowHandle(laneId(task.pipeline, task.to)).signal(newsSignal, keyOf(task), news);
  } catch (error) {
    log.info('the lane does not run', { news: news.stage, error: String(error) });
  }
}

/** Tells the lane into the next environment what the rollback of this one writes. Without such a lane, nothing was promoted there. */
export async function tellNextLane(
  pipeline: PipelineRef,
  { environment, to }: { readonly environment: string; readonly to: NotOnward },
): Promise<void> {
  try {
    await getExternalWorkflowHandle(laneId(pipeline, environment)).signal(notOnwardSignal, to);
  } catch (error) {
    log.info('the next lane does not run', { environment, error: String(error) });
  }
}
