import { ApplicationFailure } from '@temporalio/activity';
import { WindlassError } from '../domain/errors';
import { type GatePolicies } from '../domain/gates/registry';
import { findHop, formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { type RetrySettings } from '../domain/retry';
import { type PipelineStore } from '../store/pipeline-store';
import { type Resolution } from './promotion-activities';

/**
 * The webhook took the event because its process knew the hop. This one may learn of a new Pipeline later: the directory
 * is read once a second, and a change counts at the second look.
 */
const storeLagMs = 5_000;

/** What the installation, not the Pipeline, says about every promotion. */
export interface PromotionSettings {
  readonly retry: RetrySettings;
  /** Somebody wants to hear of the progress. */
  readonly reported: boolean;
}

/**
 * Looks the promotion's hop up in today's Pipeline, since it may have changed after the event came in.
 * @throws WindlassError store-unavailable; ApplicationFailure, to be asked again, while the Pipeline is invalid
 */
export async function resolvePromotion(
  store: PipelineStore,
  settings: PromotionSettings,
  task: PromotionTask,
): Promise<Resolution> {
  const resolution = await lookUp(store, settings, task).catch(waitForMending);
  if (resolution.status === 'ready') return resolution;
  await new Promise((resolve) => setTimeout(resolve, storeLagMs));
  return lookUp(store, settings, task).catch(waitForMending);
}

/** A Pipeline that makes no sense for a moment ends no promotion: asked again until it is mended, or gone. */
function waitForMending(error: unknown): never {
  if (!(error instanceof WindlassError) || error.code !== 'invalid-pipeline') throw error;
  throw ApplicationFailure.retryable(error.message, error.code);
}

async function lookUp(
  store: PipelineStore,
  settings: PromotionSettings,
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
  const suspended = pipeline.suspended === true || lookup.hop.to.suspended === true;
  const policies: GatePolicies = { manual, ...(suspended ? { suspended } : {}) };
  return {
    status: 'ready',
    strategy: strategy.kind,
    application: pipeline.appRef.name,
    ...settings,
    ...policies,
  };
}
