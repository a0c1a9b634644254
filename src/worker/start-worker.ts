import { type Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { type Logger } from 'pino';
import { type Registry } from 'prom-client';
import { classifyFailures } from '../activities/classify-failures';
import { createActivities, type ActivityDependencies } from '../activities/create-activities';
import { promotionWorkflow, taskQueue } from '../workflows/contract/ids';
import { createPromotionSinks } from './metrics';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The bundle that `scripts/bundle-workflows.mjs` makes of `src/workflows`. */
  readonly workflowBundle: WorkflowBundleOption;
  readonly dependencies: Omit<ActivityDependencies, 'client'>;
  readonly client: Client;
  readonly registry: Registry;
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

/** Starts polling for workflow and activity tasks. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = await Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue,
    workflowBundle: options.workflowBundle,
    activities: createActivities({ ...options.dependencies, client: options.client }),
    sinks: createPromotionSinks(options.registry),
    interceptors: { activity: [() => ({ inbound: classifyFailures(options.log) })] },
    maxCachedWorkflows,
    maxConcurrentActivityTaskExecutions: maxConcurrentAttempts,
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownForceMs,
    // An error in a promotion's code fails that promotion, and the lane continues. Nondeterminism still waits.
    workflowFailureErrorTypes: { '*': [], [promotionWorkflow]: ['Error'] },
  });
  const stopped = worker.run();
  // The caller of `stopped` gets the error, but may not be waiting yet.
  stopped.catch(() => undefined);
  return {
    stopped,
    async close() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}
