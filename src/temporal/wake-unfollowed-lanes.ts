import { type Client } from '@temporalio/client';
import { laneWorkflow, unfollowedTaskQueue } from '../workflows/contract/ids';
import { wakeSignal } from '../workflows/contract/messages';

const intervalMs = 60_000;
const limitMs = 30_000;

/**
 * Has the lanes that an older version began continue as new, with their promotions followed. Looks again every minute: an
 * older api that still runs may start more of them.
 */
export function wakeUnfollowedLanes(
  client: Client,
  onFailure: (error: unknown) => void,
): { close(): Promise<void> } {
  const closing = new AbortController();
  let pass = Promise.resolve();
  const look = (): void => {
    pass = pass
      .then(() => (closing.signal.aborted ? undefined : wakeAll(client, closing.signal)))
      .catch((error: unknown) => {
        if (!closing.signal.aborted) onFailure(error);
      });
  };
  look();
  const timer = setInterval(look, intervalMs);
  return {
    async close() {
      clearInterval(timer);
      closing.abort();
      await pass;
    },
  };
}

async function wakeAll(client: Client, closing: AbortSignal): Promise<void> {
  const query = `WorkflowType = '${laneWorkflow}' AND ExecutionStatus = 'Running' AND TaskQueue = '${unfollowedTaskQueue}'`;
  await client.connection.withAbortSignal(AbortSignal.any([closing]), () =>
    client.connection.withDeadline(Date.now() + limitMs, async () => {
      for await (const { workflowId } of client.workflow.list({ query })) {
        await client.workflow.getHandle(workflowId).signal(wakeSignal);
      }
    }),
  );
}
