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
  /** What `scripts/bundle-workflows.mjs` made of `src/workflows`. */
  readonly workflowBundle: WorkflowBundleOption;
  readonly dependencies: Omit<ActivityDependencies, 'client'>;
  readonly client: Client;
  readonly registry: Registry;
  readonly log: Logger;
}

export interface RunningWorker {
  /** Settles when the worker has stopped; rejects when it stopped because of a fault. */
  readonly stopped: Promise<void>;
  /** Lets the attempts under way finish, within the grace time, then stops. */
  close(): Promise<void>;
}

/** Below the 30 s that Kubernetes and Compose give a container by default or by our files. */
const shutdownGraceMs = 20_000;
const shutdownForceMs = 25_000;

/** Workflows are small; this bounds the memory of their cache in a container. */
const maxCachedWorkflows = 200;
/** Each holds a Git process and a few manifests. */
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
    // A fault in a promotion's code fails that promotion; the lane behind it goes on. Nondeterminism still waits.
    workflowFailureErrorTypes: { '*': [], [promotionWorkflow]: ['Error'] },
  });
  const stopped = worker.run();
  // Whoever waits for `stopped` sees the fault; nobody may be waiting yet.
  stopped.catch(() => undefined);
  return {
    stopped,
    async close() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}
