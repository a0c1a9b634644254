/** The lanes of all Pipelines, by Temporal's visibility: a second or so old. */
import { type Client } from '@temporalio/client';
import { type LaneState } from '../domain/lane/lane-state';
import { laneWorkflow } from '../workflows/contract/ids';
import { type LaneMemo, laneStateQuery } from '../workflows/contract/messages';
import { changedAttribute } from '../workflows/contract/search-attributes';
import { lastPoll, workerAnswers } from './polling-workers';

export interface ListedLane {
  readonly workflowId: string;
  /** When its current run began, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Its view, as anyone who reaches Temporal can have written it; undefined: an older build runs it. */
  readonly view: unknown;
}

/** Where the lanes are read from. Each: @throws gRPC's error if Temporal does not answer in time */
export interface LaneListing {
  /** All that run, a page after the other. */
  running(): AsyncIterable<readonly ListedLane[]>;
  /** Those that changed at this time or later, milliseconds since the epoch. */
  changedSince(at: number): AsyncIterable<readonly ListedLane[]>;
  /** Of a lane without a view. */
  state(workflowId: string): Promise<LaneState>;
  /** When a worker polled last, see `lastPoll`. */
  lastPoll(): Promise<number | undefined>;
  /** Whether a worker answers for a lane; undefined: there is no such lane. */
  answers(workflowId: string): Promise<boolean | undefined>;
}

const pageSize = 500;
const pageLimitMs = 10_000;
const queryLimitMs = 5_000;

export function createLaneListing(client: Client): LaneListing {
  const running = `WorkflowType = '${laneWorkflow}' AND ExecutionStatus = 'Running'`;
  return {
    running: () => pages(client, running),
    changedSince: (at) =>
      pages(client, `${running} AND ${changedAttribute.name} >= '${new Date(at).toISOString()}'`),
    state: (workflowId) =>
      client.connection.withDeadline(Date.now() + queryLimitMs, () =>
        client.workflow.getHandle(workflowId).query(laneStateQuery),
      ),
    lastPoll: () => lastPoll(client),
    answers: (workflowId) => workerAnswers(client, workflowId),
  };
}

async function* pages(client: Client, query: string): AsyncGenerator<readonly ListedLane[]> {
  const executions = client.workflow.list({ query, pageSize })[Symbol.asyncIterator]();
  let page: ListedLane[] = [];
  for (;;) {
    // A deadline for each page: the client asks for the next one when it needs it.
    const next = await client.connection.withDeadline(Date.now() + pageLimitMs, () => executions.next());
    if (next.done === true) break;
    const { workflowId, startTime, memo } = next.value;
    const { view } = (memo ?? {}) as Partial<LaneMemo>;
    page.push({ workflowId, startedAt: startTime.getTime(), view });
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  yield page;
}
