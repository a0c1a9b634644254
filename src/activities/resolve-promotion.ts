import { ApplicationFailure } from '@temporalio/activity';
import { WindlassError } from '../domain/errors';
import { type GatePolicies } from '../domain/gates/registry';
import { findHopBetween, formatPipelineRef } from '../domain/pipeline/pipeline';
import { followedRepository } from '../domain/promotion/followed-repository';
import { type PromotionTask } from '../domain/promotion/promotion';
import { type RetrySettings } from '../domain/retry';
import { type PipelineStore } from '../store/pipeline-store';
import { askedGates, type GateSources } from './asked-gates';
import { type Resolution } from './promotion-activities';
import { readHolds } from './require-open-gates';

/**
 * The process of the webhook knew the hop when it accepted the event. This process may learn of a new Pipeline later:
 * the directory is scanned every second, and a change is applied after two scans.
 */
const storeLagMs = 5_000;

/** What the installation, not the Pipeline, defines for every promotion. */
export interface PromotionSettings {
  readonly retry: RetrySettings;
  /** Whether progress must be reported. */
  readonly reported: boolean;
  /** Whether people are notified. */
  readonly notices?: true;
  /** Only what the API vouches for counts, see `GatePolicies`. */
  readonly vouched?: true;
}

/**
 * Looks up the promotion's hop in the current Pipeline, which may have changed since the event.
 * @throws WindlassError store-unavailable; ApplicationFailure, to be retried, while the Pipeline is invalid
 */
export async function resolvePromotion(
  store: PipelineStore,
  settings: PromotionSettings,
  task: PromotionTask,
  sources: GateSources,
): Promise<Resolution> {
  const resolution = await lookUp(store, settings, task, sources).catch(retryUntilFixed);
  if (resolution.status === 'ready') return resolution;
  await new Promise((resolve) => setTimeout(resolve, storeLagMs));
  return lookUp(store, settings, task, sources).catch(retryUntilFixed);
}

/** A temporarily invalid Pipeline ends no promotion: retried until it is fixed or deleted. */
function retryUntilFixed(error: unknown): never {
  if (!(error instanceof WindlassError) || error.code !== 'invalid-pipeline') throw error;
  throw ApplicationFailure.retryable(error.message, error.code);
}

async function lookUp(
  store: PipelineStore,
  { notices, ...settings }: PromotionSettings,
  task: PromotionTask,
  sources: GateSources,
): Promise<Resolution> {
  const name = formatPipelineRef(task.pipeline);
  const pipeline = await store.pipeline(task.pipeline);
  if (pipeline === undefined)
    return { status: 'ignored', reason: `The pipeline ${name} does not exist any more.` };
  const hop = findHopBetween(pipeline, task.from, task.to);
  if (hop === undefined) {
    return {
      status: 'ignored',
      reason: `The pipeline ${name} no longer promotes from ${task.from} to ${task.to}.`,
    };
  }
  const { manual, strategy } = hop.promotion;
  const { autoMerge, expireAfterMs = 0, deployTimeoutMs } = hop.gates;
  const policies: GatePolicies = {
    manual,
    ...(await readHolds(store, task, pipeline, hop.to)),
    ...(await askedGates(store, sources, task, pipeline, hop)),
  };
  return {
    status: 'ready',
    strategy: strategy.kind,
    application: pipeline.appRef.name,
    ...settings,
    ...(notices === undefined ? {} : { notices: pipeline.notifiesSuccess === true ? 'all' : 'needed' }),
    ...policies,
    ...(strategy.kind === 'pull-request'
      ? { repository: followedRepository(task.pipeline.namespace, strategy) }
      : {}),
    ...(autoMerge === true && strategy.kind === 'pull-request' ? { autoMerge } : {}),
    ...(expireAfterMs === 0 ? {} : { expireAfterMs }),
    ...(deployTimeoutMs === undefined ? {} : { deployTimeoutMs }),
  };
}
