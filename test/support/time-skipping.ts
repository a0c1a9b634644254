/**
 * Time that a Temporal server skips: the clock of one workflow moves forward whenever it only waits for a timer, so days
 * pass in a moment. The SDK has no option for it yet.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { type PromotionTask } from '../../src/domain/promotion/promotion';
import { findTemporalExecutable } from '../../src/temporal-server/executable';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startServerProcess } from './server-process';

/** More than a test needs: the server's own limit is 100. */
const maxSessionSkipCount = 10_000;

export interface TimeSkippingTemporal {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

/** Temporal's development server with the feature switched on, which Windlass itself never does. */
export async function startTimeSkippingTemporal(): Promise<TimeSkippingTemporal> {
  const executable = await findTemporalExecutable({ env: process.env, report: () => undefined });
  const directory = await mkdtemp(join(tmpdir(), 'windlass-time-skipping-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = startServerProcess(executable, [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--headless'],
    ...['--db-filename', join(directory, 'temporal.db'), '--log-level', 'error'],
    ...['--dynamic-config-value', 'frontend.WorkflowTimeSkippingEnabled=true'],
    ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="1ms"'],
  ]);
  await eventually(async () => {
    server.requireRunning();
    await (await Connection.connect({ address, connectTimeout: '1 second' })).close();
    return true;
  });
  return {
    address,
    async close() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a promotion with a clock of its own. Its activities learn the time from `scheduledTimestampMs` of their context.
 * @returns its handle
 */
export function startPromotionSkippingTime(
  client: Client,
  workflowId: string,
  task: PromotionTask,
): Promise<WorkflowHandle> {
  return startSkippingTime(client, promotionWorkflow, workflowId, task);
}

/** The same for any workflow with one argument. */
export async function startSkippingTime(
  client: Client,
  workflowType: string,
  workflowId: string,
  argument: unknown,
): Promise<WorkflowHandle> {
  await client.workflowService.startWorkflowExecution({
    namespace: client.options.namespace,
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: workflowType },
    taskQueue: { name: taskQueue },
    input: { payloads: [defaultPayloadConverter.toPayload(argument)] },
    timeSkippingConfig: { enabled: true, maxSessionSkipCount },
  });
  return client.workflow.getHandle(workflowId);
}
