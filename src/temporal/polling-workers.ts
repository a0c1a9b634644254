import { type Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { taskQueue } from '../workflows/contract/ids';

const limitMs = 2_000;
/** A poll that nothing answers lasts a minute and a little; who polled before that has gone. */
const pollMs = 75_000;

/**
 * Whether a worker polls for the workflows of lanes and promotions. One that has ended without a word still counts for a
 * minute.
 * @throws gRPC's error if Temporal does not answer in time
 */
export async function pollingWorkers(client: Client): Promise<boolean> {
  const { pollers } = await client.connection.withDeadline(Date.now() + limitMs, () =>
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    }),
  );
  const since = Date.now() - pollMs;
  return pollers.some(({ lastAccessTime }) => lastAccessTime && tsToMs(lastAccessTime) >= since);
}
