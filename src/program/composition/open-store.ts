import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { ObservedPipelines } from '../../controller/reconciler/observed-pipelines';
import { createDirectoryStore } from '../../store/directory/directory-store';
import { createKubernetesStore } from '../../store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../../kubernetes/load-kube-config';
import { ownNamespace } from '../../kubernetes/own-namespace';
import { type Parser } from '../../parsing/parser';
import { type IndexedPipelineStore } from '../../store/pipeline-store';
import { type PipelineSource } from '../../config/pipeline-source';

/** What is needed to write to Pipelines at their source. */
export interface ClusterAccess {
  readonly kubeConfig: KubeConfig;
  /** The Pipelines that the store has read. */
  readonly seen: ObservedPipelines;
}

/** Opens the configured store; a Kubernetes API server can also be written to. */
export async function openStore(
  source: PipelineSource,
  parser: Parser,
  log: Logger,
): Promise<{ readonly store: IndexedPipelineStore; readonly cluster: ClusterAccess | undefined }> {
  if (source.kind === 'directory') {
    const { directory } = source;
    return { store: await createDirectoryStore({ directory, parser, log }), cluster: undefined };
  }
  const kubeConfig = await loadKubeConfig(source.kubeconfigs);
  const seen = new ObservedPipelines();
  const { watchNamespaces } = source;
  const store = createKubernetesStore({
    kubeConfig,
    watchNamespaces,
    ownNamespace: ownNamespace(kubeConfig),
    log,
    listener: seen,
  });
  return { store, cluster: { kubeConfig, seen } };
}
