/** Lanes and promotions that an older version of Windlass began, on a task queue of their own. */
import { type Client } from '@temporalio/client';
import { laneWorkflow, unfollowedTaskQueue } from '../workflows/contract/ids';
import { wakeSignal } from '../workflows/contract/messages';

const limitMs = 30_000;
const running = `ExecutionStatus = 'Running' AND TaskQueue = '${unfollowedTaskQueue}'`;

/** How many run; from visibility, so a few seconds old. @throws gRPC's error if Temporal does not answer in time */
export async function countUnfollowed(client: Client, closing: AbortSignal): Promise<number> {
  return within(client, closing, async () => (await client.workflow.count(running)).count);
}

/**
 * Has the lanes among them continue as new, with their promotions followed. Can be repeated.
 * @throws gRPC's error if Temporal does not answer in time
 */
export async function wakeUnfollowedLanes(client: Client, closing: AbortSignal): Promise<void> {
  await within(client, closing, async () => {
    for await (const { workflowId } of client.workflow.list({
      query: `${running} AND WorkflowType = '${laneWorkflow}'`,
    })) {
      await client.workflow.getHandle(workflowId).signal(wakeSignal);
    }
  });
}

function within<T>(client: Client, closing: AbortSignal, call: () => Promise<T>): Promise<T> {
  // A signal for each call: the client never takes its listeners off again.
  return client.connection.withAbortSignal(AbortSignal.any([closing]), () =>
    client.connection.withDeadline(Date.now() + limitMs, call),
  );
}
