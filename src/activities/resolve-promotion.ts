import { findHop, formatPipelineRef } from '../domain/pipeline';
import { type PromotionTask } from '../domain/promotion';
import { type RetrySettings } from '../domain/retry';
import { type PipelineStore } from '../store/port';
import { type Resolution } from './promotion-activities';

/**
 * Looks the promotion's hop up in today's Pipeline, since it may have changed after the event came in.
 * @throws WindlassError store-unavailable
 */
export async function resolvePromotion(
  store: PipelineStore,
  retry: RetrySettings,
  task: PromotionTask,
): Promise<Resolution> {
  const name = formatPipelineRef(task.pipeline);
  const pipeline = await store.pipeline(task.pipeline);
  if (pipeline === undefined) return { status: 'ignored', reason: `The pipeline ${name} is gone.` };
  const lookup = findHop(pipeline, task.from);
  if (!lookup.found || lookup.hop.to.name !== task.to) {
    return {
      status: 'ignored',
      reason: `The pipeline ${name} no longer promotes from ${task.from} to ${task.to}.`,
    };
  }
  const { manual, strategy } = lookup.hop.promotion;
  return { status: 'ready', strategy: strategy.kind, manual, application: pipeline.appRef.name, retry };
}
