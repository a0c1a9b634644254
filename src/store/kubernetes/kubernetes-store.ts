import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef, type Pipeline, refOf } from '../../domain/pipeline/pipeline';
import { pipelineGroup } from '../../domain/kubernetes-names';
import { pipelineApiVersion } from '../../resources/pipeline-schema';
import { invalidPipeline } from '../../resources/invalid-pipeline';
import { type IndexedPipelineStore } from '../pipeline-store';
import { RepositoryIndex } from '../repository-index';
import { type ApiRefusal } from '../../kubernetes/api-failure';
import { Informer } from '../../kubernetes/informer';
import { type PipelineListener, PipelineReader } from './pipeline-reader';
import { selectedPipelines } from '../selected-pipelines';
import { FreezeReader } from './freeze-reader';
import { SecretReader } from './secret-reader';

export interface KubernetesStoreOptions {
  readonly kubeConfig: KubeConfig;
  /** Only these namespaces are read, each with the permissions of a Role; empty: the whole cluster. */
  readonly watchNamespaces?: readonly string[];
  /** Windlass's own, whose Freezes can select Pipelines of all namespaces; absent: none can. */
  readonly ownNamespace?: string | undefined;
  readonly log: Logger;
  /** Milliseconds for which the known Pipelines and Freezes remain valid after the connection to the API server was lost. */
  readonly graceMs?: number;
  readonly listener?: PipelineListener;
}

/** Enough for an API server to restart. */
const defaultGraceMs = 30_000;

const resource = `pipelines.${pipelineGroup}`;

/**
 * Reads Pipelines and Freezes from a Kubernetes API server with list and watch, and Secrets on demand. It starts to read
 * immediately, and is ready when it has read everything. An invalid Pipeline is logged and left out.
 */
export function createKubernetesStore(options: KubernetesStoreOptions): IndexedPipelineStore {
  const { kubeConfig, watchNamespaces = [], log, graceMs = defaultGraceMs, ownNamespace } = options;
  const reader = new PipelineReader(log, options.listener);
  const secrets = new SecretReader(kubeConfig);
  const freezes = new FreezeReader({ kubeConfig, watchNamespaces, ownNamespace, graceMs, log });
  const repositories = new RepositoryIndex();
  const follow = (place: { readonly path: string; readonly what: string; readonly where: string }) =>
    new Informer<Pipeline>({
      kubeConfig,
      path: `/apis/${pipelineApiVersion}${place.path}/pipelines`,
      log,
      what: place.what,
      read: (object) => {
        // Someone who edits a Pipeline may have just fixed its Secrets.
        secrets.forget(object.key.split('/')[0] ?? '');
        const pipeline = reader.read(object);
        repositories.set(object.key, pipeline);
        return pipeline;
      },
      onDeleted: (key) => {
        reader.forget(key);
        repositories.set(key, undefined);
      },
      remedy: (refusal) => remedy(refusal, place.where),
    });
  const cluster =
    watchNamespaces.length === 0
      ? follow({ path: '', what: 'the Pipelines', where: 'in all namespaces' })
      : undefined;
  const byNamespace = new Map(
    watchNamespaces.map((namespace) => {
      const path = `/namespaces/${encodeURIComponent(namespace)}`;
      const where = `in namespace ${namespace}`;
      return [namespace, follow({ path, what: `the Pipelines ${where}`, where })];
    }),
  );
  const informers = cluster === undefined ? [...byNamespace.values()] : [cluster];
  const informerOf = (namespace: string) => cluster ?? byNamespace.get(namespace);

  return {
    pipeline: (ref) => {
      const informer = informerOf(ref.namespace);
      if (informer !== undefined && informer.state(graceMs) !== 'current') {
        return Promise.reject(new WindlassError('store-unavailable', informer.fault));
      }
      const key = formatPipelineRef(ref);
      const pipeline = informer?.get(key);
      const fault = pipeline === undefined ? reader.faultOf(key) : undefined;
      return fault === undefined ? Promise.resolve(pipeline) : Promise.reject(invalidPipeline(key, fault));
    },
    repositories: (provider, url) => {
      const lost = informers.find((informer) => informer.state(graceMs) === 'lost');
      return lost === undefined
        ? Promise.resolve(repositories.find(provider, url))
        : Promise.reject(new WindlassError('store-unavailable', lost.fault));
    },
    list: () => {
      const lost = informers.find((informer) => informer.state(graceMs) === 'lost');
      if (lost !== undefined) throw new WindlassError('store-unavailable', lost.fault);
      const valid = informers.flatMap((informer) => informer.values());
      const keys = new Set(valid.map(formatPipelineRef));
      const faulty = [...reader.faults()].filter(([key]) => !keys.has(key));
      return [
        ...valid.map((pipeline) => ({ valid: true, pipeline }) as const),
        ...faulty.map(([key, fault]) => ({ valid: false, pipeline: refOf(key), fault }) as const),
      ];
    },
    freezes: (namespace) => freezes.of(namespace),
    subscribe: (changed) =>
      freezes.subscribe(({ before, now }) =>
        changed(
          selectedPipelines(
            [before, now].filter((freeze) => freeze !== undefined),
            informers.flatMap((informer) => informer.values()),
          ),
        ),
      ),
    subscribeFreezes: (changed) => freezes.subscribe(changed),
    secret: async (namespace, name) =>
      informerOf(namespace) === undefined ? undefined : secrets.read(namespace, name),
    // After a namespace and its Role are deleted, reads are rejected: this must not affect the other namespaces.
    ready: () => {
      const states = informers.map((informer) => informer.state(graceMs));
      return states.includes('current') && !states.includes('lost');
    },
    close: async () => {
      secrets.close();
      await Promise.all([...informers, freezes].map((each) => each.close()));
    },
  };
}

function remedy({ status }: ApiRefusal, where: string): string {
  switch (status) {
    case 401:
      return 'Its credentials are invalid or expired.';
    case 403:
      return `Grant Windlass's ServiceAccount the permission to list and watch ${resource} ${where}.`;
    case 404:
      return `Install the CustomResourceDefinition ${resource}.`;
    default:
      return '';
  }
}
