/** How long tasks waited between "scheduled" and "started", and how many there were: read from the histories. */
import { type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

import { promotionWorkflow } from '../../../src/workflows/contract/ids';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const { TaskQueueKind } = temporal.api.enums.v1;

export const taskKinds = [
  "a run's first workflow task",
  'later workflow tasks, normal queue',
  'workflow tasks, sticky queue',
  'activities',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export interface QueueWaits {
  /** Milliseconds. */
  readonly waits: Readonly<Record<TaskKind, readonly number[]>>;
  /** Workflow tasks that timed out, and so were scheduled again. */
  readonly timedOut: number;
  /** Why activities were started again, which is no wait: each last failure. */
  readonly startedAgain: readonly string[];
  readonly localActivities: number;
  readonly workflowTasks: number;
  readonly events: number;
  /** Those that were read: all of the above are of them. */
  readonly histories: number;
  readonly runs: number;
  /** Of the runs, those that are promotions. */
  readonly promotions: number;
}

/** Histories that are read at once. */
const atOnce = 16;

/**
 * Reads the histories of a namespace.
 * @param every reads one in so many, where there are more than it is worth to read; runs and promotions count all
 */
export async function readQueueWaits(client: Client, every = 1): Promise<QueueWaits> {
  const waits: Record<TaskKind, number[]> = {
    "a run's first workflow task": [],
    'later workflow tasks, normal queue': [],
    'workflow tasks, sticky queue': [],
    activities: [],
  };
  const startedAgain: string[] = [];
  const sum = {
    timedOut: 0,
    localActivities: 0,
    workflowTasks: 0,
    events: 0,
    histories: 0,
    runs: 0,
    promotions: 0,
  };
  const read = async ({ workflowId, runId, type }: WorkflowExecutionInfo): Promise<void> => {
    sum.runs += 1;
    if (type === promotionWorkflow) sum.promotions += 1;
    if (sum.runs % every !== 0) return;
    sum.histories += 1;
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const history = events ?? [];
    sum.events += history.length;
    for (const [kind, ms] of waitsIn(history)) waits[kind].push(ms);
    for (const event of history) {
      const { attempt, lastFailure } = event.activityTaskStartedEventAttributes ?? {};
      if ((attempt ?? 1) > 1) startedAgain.push(`${workflowId}: ${lastFailure?.message ?? 'unknown'}`);
      if (event.workflowTaskCompletedEventAttributes) sum.workflowTasks += 1;
      if (event.workflowTaskTimedOutEventAttributes) sum.timedOut += 1;
      if (event.markerRecordedEventAttributes?.markerName === 'core_local_activity') sum.localActivities += 1;
    }
  };
  const runs = client.workflow.list()[Symbol.asyncIterator]();
  const readNext = async (): Promise<void> => {
    for (let next = await runs.next(); next.done !== true; next = await runs.next()) await read(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, readNext));
  return { waits, startedAgain, ...sum };
}

function waitsIn(history: readonly HistoryEvent[]): [TaskKind, number][] {
  const scheduled = new Map(history.map((event) => [String(event.eventId), event]));
  let workflowTasks = 0;
  return history.flatMap((event): [TaskKind, number][] => {
    const workflowTask = event.workflowTaskStartedEventAttributes;
    const started = workflowTask ?? event.activityTaskStartedEventAttributes;
    if (!started) return [];
    const origin = scheduled.get(String(started.scheduledEventId));
    if (origin === undefined) return [];
    const waited = timeOf(event) - timeOf(origin);
    if (!workflowTask)
      return (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1 ? [] : [['activities', waited]];
    workflowTasks += 1;
    if (workflowTasks === 1) return [["a run's first workflow task", waited]];
    const kind = origin.workflowTaskScheduledEventAttributes?.taskQueue?.kind;
    const sticky = kind === TaskQueueKind.TASK_QUEUE_KIND_STICKY;
    return [[sticky ? 'workflow tasks, sticky queue' : 'later workflow tasks, normal queue', waited]];
  });
}

function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
}
