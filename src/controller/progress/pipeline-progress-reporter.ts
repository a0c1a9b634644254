import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { ApiRefusal, describeApiFailure } from '../../kubernetes/api-failure';
import { type EnvironmentStatus, environmentStatus } from './environment-status';
import { type ProgressReporter } from './progress-reporter';
import { describeProgress } from './describe-progress';
import { promotionEvent } from './promotion-event';
import { type EventRecorder } from './event-recorder';
import { environmentFieldManager } from '../field-manager';
import { type PipelineApi, type StoredPipeline } from '../pipeline-api';

export interface ProgressReporterOptions {
  readonly api: PipelineApi;
  readonly events: EventRecorder;
  readonly log: Logger;
}

/** Rejections that a retry does not change: a permission is missing, or the API server considers the data invalid. */
const finalRefusals = [400, 403, 404, 405, 413, 415, 422];

/**
 * Reports a promotion's progress in its environment's part of the Pipeline's status, and as an Event on the Pipeline.
 */
export function createProgressReporter({ api, events, log }: ProgressReporterOptions): ProgressReporter {
  return {
    async report(task, progress, signal) {
      const telling = describeProgress(task, progress);
      if (telling === undefined) return;
      const { pipeline } = task;
      const name = formatPipelineRef(pipeline);
      const stored = await unlessRefused(log, `The Pipeline ${name} cannot be read`, () =>
        api.read(pipeline, signal),
      );
      if (stored === undefined) return;
      const status = environmentStatus(task, progress, telling);
      if (!isNewerTold(stored, task.to, status)) {
        await unlessRefused(log, `The status of the Pipeline ${name} cannot be written`, () =>
          applyEnvironment(api, task, status, signal),
        );
      }
      const { uid } = stored.metadata;
      await unlessRefused(log, `Events in the namespace ${pipeline.namespace} cannot be written`, () =>
        events.record(promotionEvent(task, progress, telling, uid), { pipeline, uid }, signal),
      );
    },
  };
}

/**
 * Whether the status already shows a later promotion: a superseded promotion can end after its successor has started.
 */
function isNewerTold(
  { status }: StoredPipeline,
  environment: string,
  { lastPromotion: { workflowId, startedAt } }: EnvironmentStatus,
): boolean {
  const told = ownEntry(status?.environments, environment)?.lastPromotion;
  if (told?.startedAt === undefined || told.workflowId === workflowId) return false;
  return Date.parse(told.startedAt) > Date.parse(startedAt);
}

async function applyEnvironment(
  api: PipelineApi,
  { pipeline, to }: PromotionTask,
  status: EnvironmentStatus,
  signal: AbortSignal,
): Promise<void> {
  const environments = { [to]: status };
  const fieldManager = environmentFieldManager(to);
  const after = await api.applyStatus({ pipeline, fieldManager, status: { environments } }, signal);
  if (status.waitingApproval !== undefined) return;
  if (ownEntry(after.status?.environments, to)?.waitingApproval === undefined) return;
  // Left by pipeline-controller; applying removes only the fields of our own field manager.
  await api.removeFromStatus(pipeline, { environments: { [to]: { waitingApproval: null } } }, signal);
}

/** An environment can have the name of a property that every object has. */
function ownEntry<T>(entries: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** @throws WindlassError store-unavailable for failures that may disappear */
async function unlessRefused<T>(
  log: Logger,
  fault: string,
  request: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    const message = `${fault}: ${describeApiFailure(error)}.`;
    if (!(error instanceof ApiRefusal && finalRefusals.includes(error.status))) {
      throw new WindlassError('store-unavailable', message, { cause: error });
    }
    log.warn(message);
    return undefined;
  }
}
