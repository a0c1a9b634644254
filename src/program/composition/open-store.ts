import { mkdir } from 'node:fs/promises';
import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { ObservedPipelines } from '../../controller/reconciler/observed-pipelines';
import { createDirectoryStore } from '../../store/directory/directory-store';
import { createDirectoryFreezeDesk } from '../../store/directory/freeze-desk';
import { type KeptFreezeDesk } from '../../store/freeze-desk';
import { createKubernetesFreezeDesk } from '../../store/kubernetes/freeze-desk';
import { createKubernetesStore } from '../../store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../../kubernetes/load-kube-config';
import { ownNamespace } from '../../kubernetes/own-namespace';
import { type Parser } from '../../parsing/parser';
import { type IndexedPipelineStore } from '../../store/pipeline-store';
import { type PipelineSource } from '../../config/pipeline-source';

const noFreezesDirectory =
  '--freezes-dir cannot be made: name a directory that this process may write to, and that api and worker share.';

/** What is needed to write to Pipelines at their source. */
export interface ClusterAccess {
  readonly kubeConfig: KubeConfig;
  /** The Pipelines that the store has read. */
  readonly seen: ObservedPipelines;
}

export interface OpenedStore {
  readonly store: IndexedPipelineStore;
  readonly cluster: ClusterAccess | undefined;
  /** Begins to make freezes where the store reads them. */
  readonly openFreezeDesk: () => KeptFreezeDesk;
}

/** Opens the configured store; a Kubernetes API server can also be written to. */
export async function openStore(source: PipelineSource, parser: Parser, log: Logger): Promise<OpenedStore> {
  if (source.kind === 'directory') {
    const { directory, freezesDirectory } = source;
    await mkdir(freezesDirectory, { recursive: true }).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      log.warn({ directory: freezesDirectory, code }, noFreezesDirectory);
    });
    const store = await createDirectoryStore({ directory, freezesDirectory, parser, log });
    const openFreezeDesk = () => createDirectoryFreezeDesk({ directory: freezesDirectory, store, log });
    return { store, cluster: undefined, openFreezeDesk };
  }
  const kubeConfig = await loadKubeConfig(source.kubeconfigs);
  const seen = new ObservedPipelines();
  const place = {
    kubeConfig,
    watchNamespaces: source.watchNamespaces,
    ownNamespace: ownNamespace(kubeConfig),
    log,
  };
  const store = createKubernetesStore({ ...place, listener: seen });
  const openFreezeDesk = () => createKubernetesFreezeDesk(place);
  return { store, cluster: { kubeConfig, seen }, openFreezeDesk };
}
