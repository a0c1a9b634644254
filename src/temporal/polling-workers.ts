/** Whether workers live: by their polls, and by an answer of one. */
import { type Client, isGrpcServiceError, QueryNotRegisteredError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { taskQueue } from '../workflows/contract/ids';

const limitMs = 2_000;
/** A poll that nothing answers lasts a minute and a little; who polled before that has gone. */
export const pollMs = 75_000;
/** A worker that has the lane in its memory answers within milliseconds, another one replays its history first. */
const queryLimitMs = 3_000;
/** A query that the SDK of each worker answers by itself, shortly. */
const metadataQuery = '__temporal_workflow_metadata';
/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/). */
const deadlineExceeded = 4;
const failedPrecondition = 9;

/**
 * When a worker began or ended a poll for the workflows of lanes and promotions, milliseconds since the epoch by Temporal's
 * clock. Of one that waits for work it can be a minute ago, and of one that has ended it is its last one.
 * @returns undefined: none did within the last minutes
 * @throws gRPC's error if Temporal does not answer in time
 */
export async function lastPoll(client: Client): Promise<number | undefined> {
  const { pollers } = await client.connection.withDeadline(Date.now() + limitMs, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    }),
  );
  const times = pollers.flatMap(({ lastAccessTime }) => (lastAccessTime ? [tsToMs(lastAccessTime)] : []));
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * Whether a worker polls. One that has ended without a word still counts for a minute.
 * @throws gRPC's error if Temporal does not answer in time
 */
export async function pollingWorkers(client: Client): Promise<boolean> {
  const at = await lastPoll(client);
  return at !== undefined && at >= Date.now() - pollMs;
}

/**
 * Whether a worker answers for a workflow, within 3 s.
 * @returns undefined: Temporal does not have it, so no one was asked
 * @throws gRPC's error if Temporal does not answer
 */
export async function workerAnswers(client: Client, workflowId: string): Promise<boolean | undefined> {
  try {
    await client.connection.withDeadline(Date.now() + queryLimitMs, () =>
      client.workflow.getHandle(workflowId).query(metadataQuery),
    );
    return true;
  } catch (error) {
    if (error instanceof QueryNotRegisteredError) return true;
    if (error instanceof WorkflowNotFoundError) return undefined;
    const fault = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined;
    if (!isGrpcServiceError(fault)) throw error;
    const code: number = fault.code;
    if (code === deadlineExceeded) return false;
    // Temporal knows that no one polls; a lane whose workflow task fails has the same code.
    if (code === failedPrecondition) return fault.details.includes('poller') ? false : undefined;
    throw error;
  }
}
