import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createRegistry, type MetricsRegistry } from '../../src/metrics/registry';
import { type FollowerActivities } from '../../src/activities/follower-activities';
import { type LaneActivities } from '../../src/activities/lane-activities';
import { type NoticeActivities } from '../../src/activities/notice-activities';
import { type PromotionActivities } from '../../src/activities/promotion-activities';
import { createPromotionQueries } from '../../src/activities/running-promotions';
import { type DeploymentEvent } from '../../src/domain/event';
import { laneId, promotionId } from '../../src/workflows/contract/ids';
import { createLaneReporter } from '../../src/temporal/lanes';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { createPromotionSinks } from '../../src/worker/metrics';
import { createTraceSinks } from '../../src/worker/trace-sinks';
import { taskQueue } from '../../src/workflows/contract/ids';
import { pipelineRef } from './events';
import { eventually } from './eventually';

export type Activities = PromotionActivities & LaneActivities & FollowerActivities & NoticeActivities;

export interface TestWorkerOptions {
  /** The workflow code; today's, where it is not given. */
  readonly workflowBundle?: WorkflowBundleOption;
  /** How many activities the worker runs at once; the SDK's default where it does not matter. */
  readonly concurrentActivities?: number;
  /** Which ones it polls; those of today's lanes, where it is not given. */
  readonly taskQueues?: readonly string[];
  /** 0: every workflow task is a replay from the beginning, by whichever worker is free. */
  readonly maxCachedWorkflows?: number;
}

/** A Temporal namespace of its own on the run's server, with the windlass workflows and scripted activities. */
export interface WorkflowEnvironment {
  readonly client: Client;
  readonly registry: MetricsRegistry;
  /** Runs `use` while a worker polls; activities not given are the real ones of the lane, or fail loudly. */
  withWorker<T>(
    activities: Partial<Activities>,
    use: () => Promise<T>,
    options?: TestWorkerOptions,
  ): Promise<T>;
  /** Hands an event to the lane as the webhook does. */
  report(event: DeploymentEvent, to?: string): Promise<string>;
  promotionIdOf(event: DeploymentEvent, to?: string): string;
  close(): Promise<void>;
}

// Failing attempts are what these tests are about; their stack traces would bury a test's own failure.
Runtime.install({ logger: new DefaultLogger('ERROR') });

/** @param address of another Temporal server than the run's */
export async function createWorkflowEnvironment(
  address = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'],
): Promise<WorkflowEnvironment> {
  const codePath = process.env['WINDLASS_TEST_WORKFLOW_BUNDLE'];
  if (address === undefined || codePath === undefined)
    throw new Error('The Temporal global set-up has not run.');
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  // The server's own caches learn of a new namespace within a second or so.
  await eventually(() => ensureSearchAttributes(client));
  const reporter = createLaneReporter(client);
  const registry = createRegistry();
  const sinks = { ...createPromotionSinks(registry), ...createTraceSinks() };

  return {
    client,
    registry,
    async withWorker(
      activities,
      use,
      {
        workflowBundle = { codePath },
        concurrentActivities,
        maxCachedWorkflows = 50,
        taskQueues = [taskQueue],
      } = {},
    ) {
      // Its own, as a process has: two workers on one connection cannot poll the same queue.
      const native = await NativeConnection.connect({ address });
      const create = (queue: string): Promise<Worker> =>
        Worker.create({
          connection: native,
          namespace,
          taskQueue: queue,
          workflowBundle,
          activities: {
            ...createPromotionQueries(client),
            needsVouching: () => Promise.resolve(false),
            reportDroppedEvent: () => Promise.resolve(),
            reportLaterEnd: () => Promise.resolve(),
            ...activities,
          },
          sinks,
          workflowFailureErrorTypes: { '*': [], promotion: ['Error'] },
          maxCachedWorkflows,
          ...(concurrentActivities === undefined
            ? {}
            : { maxConcurrentActivityTaskExecutions: concurrentActivities }),
        });
      try {
        const [worker, ...others] = await Promise.all(taskQueues.map(create));
        if (worker === undefined) throw new Error('A worker needs a task queue.');
        const run = others.reduce(
          (inner, other) => () => other.runUntil(inner),
          () => worker.runUntil(use),
        );
        return await run();
      } finally {
        await native.close();
      }
    },
    async report(event, to = 'staging') {
      return (await reporter.report(event, to, 10_000)).lane;
    },
    promotionIdOf: (event, to = 'staging') => promotionId(pipelineRef, to, event.version, event.identity),
    async close() {
      await connection.close();
    },
  };
}

export const stagingLane = laneId(pipelineRef, 'staging');
