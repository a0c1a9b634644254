import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger, pino } from 'pino';
import { createKubernetesStore } from '../../src/store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../../src/kubernetes/load-kube-config';
import { type IndexedPipelineStore } from '../../src/store/pipeline-store';
import { type KubeApiServer } from '../support/kube-api-server';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

export interface OpenStore {
  readonly store: IndexedPipelineStore;
  /** The store's only way to the API server. */
  readonly way: TcpProxy;
  /** On that way. */
  readonly kubeConfig: KubeConfig;
  readonly close: () => Promise<void>;
}

/** A store as the user `windlass`, with the rights that the test gave it. */
export async function openStore(
  server: KubeApiServer,
  options: {
    readonly graceMs?: number;
    readonly watchNamespaces?: readonly string[];
    readonly ownNamespace?: string;
    readonly log?: Logger;
  } = {},
): Promise<OpenStore> {
  const way = await startTcpProxy(Number(new URL(server.url).port));
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-kubeconfig-'));
  const file = path.join(directory, 'config');
  await writeFile(file, server.kubeconfig('windlass', `https://127.0.0.1:${way.port}`));
  const kubeConfig = await loadKubeConfig([file]);
  await rm(directory, { recursive: true });
  const store = createKubernetesStore({ kubeConfig, log: pino({ level: 'silent' }), ...options });
  return {
    store,
    way,
    kubeConfig,
    async close() {
      await store.close();
      await way.close();
    },
  };
}
