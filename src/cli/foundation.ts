import { type Client } from '@temporalio/client';
import { type Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { type Listening } from '../api/http-listener';
import { startMetricsServer } from '../api/metrics-server';
import { type ReadinessChecks, startProbes } from '../api/probes';
import { createDirectoryStore } from '../store/directory/directory-store';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../store/kubernetes/load-kube-config';
import { type PipelineStore } from '../store/port';
import { type TemporalTarget, createTemporalClient } from '../temporal/connection';
import { createLaneReporter } from '../temporal/lanes';
import { type Config } from './config';
import { listeningUrl } from './listening-url';
import { type OpenParts, type Part } from './open-parts';
import { type PipelineSource } from './pipeline-source';

/** How long requests in hand may take while the process stops. */
const closeDeadlineMs = 5_000;

/** What `api` and `worker` both stand on. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly target: TemporalTarget;
  readonly client: Client;
  readonly store: PipelineStore;
  readonly registry: Registry;
  /** Where health and metrics are served, as URLs. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Opens the connection to Temporal, the store, the metrics and the probes. */
export async function openFoundation(
  parts: OpenParts,
  { config, log, target }: Pick<Foundation, 'config' | 'log' | 'target'>,
): Promise<Foundation> {
  for (const warning of config.warnings) log.warn(warning);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const client = createTemporalClient(target);
  await parts.add(client.connection);
  const store = await parts.add(await openStore(config.pipelines, log));
  const addresses: Record<string, string> = {};
  if (config.metrics) {
    const { port } = await parts.add(server(await startMetricsServer(config.metrics, registry)));
    addresses['metrics'] = `${listeningUrl(config.metrics, port)}/metrics`;
  }
  if (config.health) {
    const { port } = await parts.add(server(await startProbes(config.health, checks(client, store))));
    addresses['health'] = `${listeningUrl(config.health, port)}/readyz`;
  }
  return { config, log, target, client, store, registry, addresses };
}

async function openStore(source: PipelineSource, log: Logger): Promise<PipelineStore> {
  if (source.kind === 'directory') return createDirectoryStore({ directory: source.directory, log });
  const kubeConfig = await loadKubeConfig(source.kubeconfigs);
  return createKubernetesStore({ kubeConfig, watchNamespaces: source.watchNamespaces, log });
}

function checks(client: Client, store: PipelineStore): ReadinessChecks {
  const lanes = createLaneReporter(client);
  return { temporal: () => lanes.ready(), pipelines: () => store.ready() };
}

/** A server as a part that gives its requests time to finish. */
export function server(listening: Listening): Part & Pick<Listening, 'port'> {
  return { port: listening.port, close: () => listening.close(closeDeadlineMs) };
}
