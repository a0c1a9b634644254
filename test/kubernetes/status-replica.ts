import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { type PipelineRef, formatPipelineRef } from '../../src/domain/pipeline/pipeline';
import { EventRecorder } from '../../src/controller/progress/event-recorder';
import { PipelineApi } from '../../src/controller/pipeline-api';
import { createProgressReporter } from '../../src/controller/progress/pipeline-progress-reporter';
import { ObservedPipelines } from '../../src/controller/reconciler/observed-pipelines';
import {
  PipelineReconciler,
  type PipelineReconcilerOptions,
} from '../../src/controller/reconciler/pipeline-reconciler';
import { type ProgressReporter } from '../../src/controller/progress/progress-reporter';
import { type PromotionCommands } from '../../src/temporal/promotion-commands';
import { createKubernetesStore } from '../../src/store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../../src/kubernetes/load-kube-config';
import { type KubeApiServer } from '../support/kube-api-server';
import { getSecrets, grant, pipelinesPath } from '../support/kube-objects';

/** What the chart grants a worker, in a namespace or in all. */
export async function grantWorkerRights(server: KubeApiServer, namespace?: string): Promise<void> {
  await grant(server, 'worker', [getSecrets, ...withoutSecrets], namespace);
}

export const withoutSecrets = [
  {
    apiGroups: ['pipelines.weave.works'],
    resources: ['freezes', 'pipelines'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['pipelines.weave.works'], resources: ['pipelines/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'get', 'patch'] },
];

/** The part of a worker that tells the state of Pipelines. */
export interface Replica {
  readonly reporter: ProgressReporter;
  /** What running promotions and lanes were told: `reconsider apps/shop`, `retry apps/shop staging,prod <request>`. */
  readonly commands: readonly string[];
  /** How often it has looked for a Secret. */
  looks(): number;
  /** How often it has written a status. */
  writes(): number;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  readonly waits?: PipelineReconcilerOptions['waits'];
  readonly log?: Logger;
  readonly instance?: string;
  /** Instead of the recorded ones. */
  readonly commands?: PromotionCommands;
}

/** Starts one as the user `windlass`, with the rights that the test gave it. */
export async function startReplica(server: KubeApiServer, options: ReplicaOptions = {}): Promise<Replica> {
  const { waits, log = pino({ level: 'silent' }), instance = 'replica' } = options;
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-kubeconfig-'));
  const file = path.join(directory, 'config');
  await writeFile(file, server.kubeconfig('windlass'));
  const kubeConfig = await loadKubeConfig([file]);
  await rm(directory, { recursive: true });
  const seen = new ObservedPipelines();
  const store = createKubernetesStore({ kubeConfig, log, listener: seen });
  const api = new CountingApi(kubeConfig);
  const commands: string[] = [];
  let looks = 0;
  const keeper = new PipelineReconciler({
    seen,
    store: {
      secret(namespace, name) {
        looks += 1;
        return store.secret(namespace, name);
      },
    },
    api,
    commands: options.commands ?? recordedCommands(commands),
    lack: () => undefined,
    log,
    ...(waits === undefined ? {} : { waits }),
  });
  return {
    reporter: createProgressReporter({ api, events: new EventRecorder(api, instance), log }),
    commands,
    looks: () => looks,
    writes: () => api.writes,
    async close() {
      await keeper.close();
      await store.close();
    },
  };
}

class CountingApi extends PipelineApi {
  writes = 0;

  override applyStatus(
    ...args: Parameters<PipelineApi['applyStatus']>
  ): ReturnType<PipelineApi['applyStatus']> {
    this.writes += 1;
    return super.applyStatus(...args);
  }
}

function recordedCommands(commands: string[]): PromotionCommands {
  return {
    reconsider(pipeline) {
      commands.push(`reconsider ${formatPipelineRef(pipeline)}`);
      return Promise.resolve();
    },
    retryFailed(pipeline, environments, request) {
      commands.push(`retry ${formatPipelineRef(pipeline)} ${environments.join(',')} ${request}`);
      return Promise.resolve();
    },
  };
}

export interface PipelineObject {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly generation: number;
    readonly uid: string;
    readonly managedFields: readonly { readonly manager: string; readonly subresource?: string }[];
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration: number;
      readonly lastTransitionTime: string;
    }[];
    readonly environments?: Readonly<Record<string, unknown>>;
  };
}

export async function readPipeline(
  server: KubeApiServer,
  { namespace, name }: PipelineRef,
): Promise<PipelineObject> {
  const { status, body } = await server.request('GET', pipelinesPath(namespace, name));
  if (status !== 200) throw new Error(`There is no Pipeline ${namespace}/${name}: ${status}.`);
  return body as PipelineObject;
}

export interface EventObject {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly action: string;
  readonly eventTime: string;
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly regarding: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

export async function readEvents(server: KubeApiServer, namespace: string): Promise<readonly EventObject[]> {
  const { body } = await server.request('GET', `/apis/events.k8s.io/v1/namespaces/${namespace}/events`);
  return (body as { items: EventObject[] }).items;
}
