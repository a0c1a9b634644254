import { type Client } from '@temporalio/client';
import { type MetricsRegistry } from '../metrics/registry';
import {
  type NativeConnection,
  Worker,
  type WorkerOptions as NodeWorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { type Logger } from 'pino';
import { classifyFailures } from '../activities/classify-failures';
import { createActivities, type ActivityDependencies } from '../activities/create-activities';
import { redact } from '../domain/network/redact';
import {
  budgetTaskQueue,
  promotionWorkflow,
  taskQueue,
  unfollowedTaskQueue,
} from '../workflows/contract/ids';
import { findWaitingPromotions } from '../temporal/waiting-promotions';
import { measureActivities } from './measure-activities';
import { createPromotionSinks } from './metrics';
import { createPacedVisits } from './paced-visits';
import { createPipelineMetrics, noPipelineMetrics } from './pipeline-metrics';
import { serveUnfollowed } from './unfollowed-worker';
import { traceActivities } from './trace-activities';
import { createTraceSinks } from './trace-sinks';
import { registerWaitingMetrics } from './waiting-metrics';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The bundle that `scripts/bundle-workflows.mjs` makes of `src/workflows`. */
  readonly workflowBundle: WorkflowBundleOption;
  readonly dependencies: Omit<ActivityDependencies, 'client'>;
  readonly client: Client;
  readonly registry: MetricsRegistry;
  /** Also counts by Pipeline. */
  readonly metricsByPipeline?: boolean;
  readonly log: Logger;
}

export interface RunningWorker {
  /** Settles when the worker has stopped; rejects if it stopped because of an error. */
  readonly stopped: Promise<void>;
  /** Waits for the attempts in progress within the grace period, then stops. */
  close(): Promise<void>;
}

/** Shorter than the 30 s that Kubernetes and Compose give a container by default or in our files. */
const shutdownGraceMs = 20_000;
const shutdownForceMs = 25_000;

/**
 * Workflows are small; this limits the memory of their cache in a container. One that was left out is replayed from its
 * history with its next task.
 */
const maxCachedWorkflows = 1_000;
/** Each attempt needs memory for a Git process and a few manifests. */
const maxConcurrentAttempts = 20;

/** It begins to stop when what asks it has stopped, and answers in milliseconds: together less than those 30 s. */
const budgetsGraceMs = 1_000;
const budgetsForceMs = 4_000;

/** One for each host and credential. */
const maxCachedBudgets = 100;

/** What older versions began is little, and less every day. */
const maxCachedUnfollowedWorkflows = 50;
const maxConcurrentUnfollowedAttempts = 5;

/** Starts polling for workflow and activity tasks. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, workflowBundle, registry, log, client } = options;
  registerWaitingMetrics(registry, (states) => findWaitingPromotions(client, states), Date.now);
  const measured = measureActivities(registry);
  const common: Omit<NodeWorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    workflowBundle,
    activities: createActivities({
      ...options.dependencies,
      visits: options.dependencies.visits ?? createPacedVisits(options),
      client,
    }),
    sinks: {
      ...createPromotionSinks(
        registry,
        options.metricsByPipeline === true ? createPipelineMetrics(registry) : noPipelineMetrics,
      ),
      ...createTraceSinks(),
    },
    interceptors: {
      // The first is the outermost: the last makes of an error what the others see, and what is measured has a trace.
      activity: [
        () => ({ inbound: traceActivities() }),
        () => ({ inbound: measured() }),
        () => ({ inbound: classifyFailures(log) }),
      ],
    },
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownForceMs,
    // An error in a promotion's code fails that promotion, and the lane continues. Nondeterminism still waits.
    workflowFailureErrorTypes: { '*': [], [promotionWorkflow]: ['Error'] },
  };
  const worker = await Worker.create({
    ...common,
    taskQueue,
    maxCachedWorkflows,
    maxConcurrentActivityTaskExecutions: maxConcurrentAttempts,
  });
  const budgets = await Worker.create({
    connection,
    namespace,
    workflowBundle,
    taskQueue: budgetTaskQueue,
    maxCachedWorkflows: maxCachedBudgets,
    workflowThreadPoolSize: 1,
    shutdownGraceTime: budgetsGraceMs,
    shutdownForceTime: budgetsForceMs,
  });
  const unfollowed = serveUnfollowed({
    client,
    createWorker: () =>
      Worker.create({
        ...common,
        taskQueue: unfollowedTaskQueue,
        maxCachedWorkflows: maxCachedUnfollowedWorkflows,
        maxConcurrentActivityTaskExecutions: maxConcurrentUnfollowedAttempts,
      }),
    onFailure: (error) =>
      log.warn(`What an older version began could not be looked for: ${redact(String(error))}`),
  });
  const shutDown = (): void => {
    unfollowed.close();
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const asking = [worker.run(), unfollowed.stopped].map((each) => each.finally(shutDown));
  // Attempts in progress still ask it for their requests.
  void Promise.allSettled(asking).then(() => {
    if (budgets.getState() === 'RUNNING') budgets.shutdown();
  });
  const stopped = Promise.all([...asking, budgets.run().finally(shutDown)]).then(() => undefined);
  // The caller of `stopped` gets the error, but may not be waiting yet.
  stopped.catch(() => undefined);
  return {
    stopped,
    async close() {
      shutDown();
      await stopped;
    },
  };
}
