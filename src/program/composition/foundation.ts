import { type Client } from '@temporalio/client';
import { type Logger } from 'pino';
import { collectDefaultMetrics } from 'prom-client';
import { type Capabilities } from '../../capability/capabilities';
import { type CapabilityKeys } from '../../capability/capability-keys';
import { type Listening } from '../../http/serving/http-listener';
import { version } from '../../../package.json';
import { startMetricsServer } from '../../api/probes/metrics-server';
import { startProbes } from '../../api/probes/probes';
import { type Component, registerBuildInfo, registerTemporalUp } from '../../metrics/program-metrics';
import { createRegistry, type MetricsRegistry } from '../../metrics/registry';
import { type Parser } from '../../parsing/parser';
import { type IndexedPipelineStore } from '../../store/pipeline-store';
import { type TemporalTarget, createTemporalClient } from '../../temporal/connection';
import { createLaneReporter } from '../../temporal/lanes';
import { type Config } from '../../config/config';
import { listeningUrl } from './listening-url';
import { openCapabilities } from './open-capabilities';
import { openParser } from './open-parser';
import { type OpenParts, type Part } from '../lifetime/open-parts';
import { type ClusterAccess, type OpenedStore, openStore } from './open-store';

/** How long requests in progress can take while the process stops. */
const closeDeadlineMs = 5_000;

/** The parts that `api` and `worker` share. */
export interface Foundation {
  readonly config: Config;
  readonly log: Logger;
  readonly target: TemporalTarget;
  readonly client: Client;
  readonly parser: Parser;
  readonly store: IndexedPipelineStore;
  /** Absent: Pipelines are files. */
  readonly cluster: ClusterAccess | undefined;
  readonly openFreezeDesk: OpenedStore['openFreezeDesk'];
  readonly registry: MetricsRegistry;
  /** Signs and verifies what `api` vouches for; undefined: there is no key, and nothing is signed. */
  readonly capabilities: Capabilities | undefined;
  /** Those of `capabilities`, in force at the moment. */
  readonly capabilityKeys: (() => CapabilityKeys) | undefined;
  /** The URLs of health and metrics. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Tells `/readyz` that a part runs which it waits for. */
  readonly started: (part: AwaitedPart) => void;
}

/** What comes after the foundation, and without which the process does nothing. */
export type AwaitedPart = 'webhook' | 'worker';

const componentOf = { webhook: 'api', worker: 'worker' } as const satisfies Record<AwaitedPart, Component>;

/**
 * Opens the connection to Temporal, the store, the metrics and the probes.
 * @param awaits until these are started, the process is not ready
 */
export async function openFoundation(
  parts: OpenParts,
  {
    config,
    log,
    target,
    awaits,
  }: Pick<Foundation, 'config' | 'log' | 'target'> & { readonly awaits: readonly AwaitedPart[] },
): Promise<Foundation> {
  for (const warning of config.warnings) log.warn(warning);
  const opened = await openCapabilities(parts, config.capabilityKeyFile, log);
  const registry = createRegistry();
  collectDefaultMetrics({ register: registry });
  registerBuildInfo(
    registry,
    version,
    awaits.map((part) => componentOf[part]),
  );
  const client = createTemporalClient(target);
  const lanes = createLaneReporter(client);
  registerTemporalUp(registry, () => lanes.ready());
  await parts.add(client.connection);
  const pending = new Set(awaits);
  const startedChecks = Object.fromEntries(awaits.map((part) => [part, () => !pending.has(part)]));
  const addresses: Record<string, string> = {};
  let pipelinesReady = (): boolean => false;
  // Before the store, which may take minutes to read its files: a startup probe would end the process.
  if (config.health) {
    const checks = { temporal: () => lanes.ready(), pipelines: () => pipelinesReady(), ...startedChecks };
    const { port } = await parts.add(server(await startProbes(config.health, checks)));
    addresses['health'] = `${listeningUrl(config.health, port)}/readyz`;
  }
  const parser = await parts.add(openParser());
  const { store, cluster, openFreezeDesk } = await openStore(config.pipelines, parser, log);
  await parts.add(store);
  pipelinesReady = () => store.ready();
  if (config.metrics) {
    const { port } = await parts.add(server(await startMetricsServer(config.metrics, registry)));
    addresses['metrics'] = `${listeningUrl(config.metrics, port)}/metrics`;
  }
  const started = (part: AwaitedPart) => void pending.delete(part);
  return {
    config,
    log,
    target,
    client,
    parser,
    store,
    cluster,
    openFreezeDesk,
    registry,
    capabilities: opened?.capabilities,
    capabilityKeys: opened?.keys,
    addresses,
    started,
  };
}

/** A server as a part that gives its requests time to finish. */
export function server(listening: Listening): Part & Pick<Listening, 'port'> {
  return { port: listening.port, close: () => listening.close(closeDeadlineMs) };
}
