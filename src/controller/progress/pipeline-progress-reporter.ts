import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { describeDrop } from '../../domain/lane/dropped-event';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { ApiRefusal, describeApiFailure } from '../../kubernetes/api-failure';
import { type EnvironmentStatus, environmentStatus } from './environment-status';
import { type ProgressReporter } from './progress-reporter';
import { describeProgress } from './describe-progress';
import { type PromotionEvent, promotionEvent } from './promotion-event';
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
  const read = (pipeline: PipelineRef, signal: AbortSignal) =>
    unlessRefused(log, `The Pipeline ${formatPipelineRef(pipeline)} cannot be read`, () =>
      api.read(pipeline, signal),
    );
  const record = (event: PromotionEvent, pipeline: PipelineRef, uid: string, signal: AbortSignal) =>
    unlessRefused(log, `Events in the namespace ${pipeline.namespace} cannot be written`, () =>
      events.record(event, { pipeline, uid }, signal),
    );
  const write = (task: PromotionTask, status: EnvironmentStatus, signal: AbortSignal) =>
    unlessRefused(
      log,
      `The status of the Pipeline ${formatPipelineRef(task.pipeline)} cannot be written`,
      () => applyEnvironment(api, task, status, signal),
    );
  return {
    async report(task, progress, signal) {
      const description = describeProgress(task, progress);
      if (description === undefined) return;
      const { pipeline } = task;
      const stored = await read(pipeline, signal);
      if (stored === undefined) return;
      const status = environmentStatus(task, progress, description);
      if (!isNewerTold(stored, task.to, status)) await write(task, status, signal);
      const { uid } = stored.metadata;
      await record(promotionEvent(task, progress, description, uid), pipeline, uid, signal);
    },
    async reportLaterEnd(task, ended, signal) {
      const { pipeline } = task;
      const stored = await read(pipeline, signal);
      if (stored === undefined) return;
      const told = ownEntry(stored.status?.environments, task.to)?.lastPromotion;
      const progress = { ...ended, startedAt: Date.parse(told?.startedAt ?? '') };
      const description = describeProgress(task, progress);
      if (description === undefined) return;
      if (told?.startedAt !== undefined && told.workflowId === ended.workflowId) {
        await write(task, environmentStatus(task, progress, description), signal);
      }
      const { uid } = stored.metadata;
      await record(promotionEvent(task, progress, description, uid), pipeline, uid, signal);
    },
    async reportDropped(pipeline, environment, dropped, signal) {
      const uid = (await read(pipeline, signal))?.metadata.uid;
      if (uid === undefined) return;
      const subject = { action: 'promote', pipeline, to: environment, version: dropped.version } as const;
      const description = { type: 'Normal', reason: 'EventDropped', message: describeDrop(dropped) } as const;
      await record(promotionEvent(subject, dropped, description, uid), pipeline, uid, signal);
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
