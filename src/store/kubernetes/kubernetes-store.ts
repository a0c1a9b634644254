import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef, type Pipeline } from '../../domain/pipeline/pipeline';
import { pipelineApiVersion, pipelineGroup } from '../../resources/pipeline-schema';
import { invalidPipeline } from '../../resources/invalid-pipeline';
import { type PipelineStore } from '../pipeline-store';
import { type ApiRefusal } from '../../kubernetes/api-failure';
import { Informer } from '../../kubernetes/informer';
import { type PipelineListener, PipelineReader } from './pipeline-reader';
import { SecretReader } from './secret-reader';

export interface KubernetesStoreOptions {
  readonly kubeConfig: KubeConfig;
  /** Only these namespaces are read, each with the rights of a Role; empty: the whole cluster. */
  readonly watchNamespaces?: readonly string[];
  readonly log: Logger;
  /** Milliseconds for which Pipelines are believed after the API server was lost. */
  readonly graceMs?: number;
  readonly listener?: PipelineListener;
}

/** An API server that restarts is back by then. */
const defaultGraceMs = 30_000;

const resource = `pipelines.${pipelineGroup}`;

/**
 * Pipelines from a Kubernetes API server, followed by list and watch, and Secrets, read when needed. It begins to read at
 * once and is ready when it has read everything. A Pipeline that makes no sense is logged and left out.
 */
export function createKubernetesStore(options: KubernetesStoreOptions): PipelineStore {
  const { kubeConfig, watchNamespaces = [], log, graceMs = defaultGraceMs } = options;
  const reader = new PipelineReader(log, options.listener);
  const secrets = new SecretReader(kubeConfig);
  const follow = (place: { readonly path: string; readonly what: string; readonly where: string }) =>
    new Informer<Pipeline>({
      kubeConfig,
      path: `/apis/${pipelineApiVersion}${place.path}/pipelines`,
      log,
      what: place.what,
      read: (object) => {
        // Whoever touches a Pipeline may have mended its Secrets a second ago.
        secrets.forget(object.key.split('/')[0] ?? '');
        return reader.read(object);
      },
      gone: (key) => reader.forget(key),
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
    secret: async (namespace, name) =>
      informerOf(namespace) === undefined ? undefined : secrets.read(namespace, name),
    // A namespace that was deleted, and its Role with it, is refused from then on: it must not take the others down.
    ready: () => {
      const states = informers.map((informer) => informer.state(graceMs));
      return states.includes('current') && !states.includes('lost');
    },
    close: async () => {
      secrets.close();
      await Promise.all(informers.map((informer) => informer.close()));
    },
  };
}

function remedy({ status }: ApiRefusal, where: string): string {
  switch (status) {
    case 401:
      return 'Its credentials are not or no longer valid.';
    case 403:
      return `Give Windlass's ServiceAccount the right to list and watch ${resource} ${where}.`;
    case 404:
      return `Install the CustomResourceDefinition ${resource}.`;
    default:
      return '';
  }
}
