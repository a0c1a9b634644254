import { type Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { taskQueue } from '../workflows/contract/ids';

/** All metrics of a scrape wait for this one: Prometheus times out after 10 s by default. */
const limitMs = 2_000;

/**
 * Age of the oldest event that no worker has handled yet, in seconds: 0 if there is none.
 * It is the backlog of the workflow task queue, so it grows while workers are down or too few.
 * @throws gRPC's error if Temporal does not answer in time
 */
export async function oldestUnhandledEventSeconds(client: Client): Promise<number> {
  const { stats } = await client.connection.withDeadline(Date.now() + limitMs, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      reportStats: true,
    }),
  );
  const age = stats?.approximateBacklogAge;
  return Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / 1e9;
}
