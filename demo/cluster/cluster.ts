import { randomUUID } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import { encodeFluxEvent, type FluxEvent, fluxHeaders, releaseSucceeded } from '../../src/flux/encode-event';
import { type DemoService } from '../services/demo-service';
import { type Delivery, deliverEvent } from './deliver-event';
import { testsEnded } from './test-events';

export interface Deployment {
  readonly environment: string;
  readonly previous: string;
  readonly version: string;
  /** Helm's release number. */
  readonly release: number;
  /** The webhook's answer to the event that reports it. */
  readonly delivery: Delivery;
}

/** The end of the Helm tests of a release. */
export interface TestRun {
  readonly environment: string;
  readonly version: string;
  readonly passed: boolean;
  readonly delivery: Delivery;
}

export interface ClusterOptions {
  readonly forge: Pick<DemoService, 'readFile' | 'onPush'>;
  /** `owner/name`; environments are read from `apps/{environment}/helmrelease.yaml` of its main branch. */
  readonly repository: string;
  /** Base URL of Windlass's webhook. */
  readonly webhookUrl: string;
  readonly hmacKey: string;
  readonly pipeline: { readonly namespace: string; readonly name: string };
  readonly environments: readonly string[];
  /** Their Helm tests fail. */
  readonly brokenVersions: readonly string[];
  readonly onDeployed: (deployment: Deployment) => void;
  /** Only for a HelmRelease with `spec.test.enable`. */
  readonly onTested: (run: TestRun) => void;
}

export interface Cluster {
  close(): Promise<void>;
}

/** A running HelmRelease. */
interface Release {
  readonly environment: string;
  readonly uid: string;
  version: string;
  number: number;
}

const manifestSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    chart: z.object({ spec: z.object({ version: z.string() }) }),
    test: z.object({ enable: z.boolean() }).optional(),
  }),
});
type Manifest = z.output<typeof manifestSchema>;

/**
 * Simulates Flux on every cluster of the demo: when the main branch sets another version for an environment, it counts
 * one more Helm release and reports it, signed, to the webhook; then the result of its Helm tests, if they are enabled. The
 * versions at the start are not reported.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const stop = new AbortController();
  const releases = await Promise.all(
    options.environments.map(async (environment): Promise<Release> => {
      const manifest = await readManifest(options, environment);
      if (manifest === undefined) throw new Error(`${manifestPath(environment)} is not a HelmRelease.`);
      return { environment, uid: randomUUID(), version: versionOf(manifest), number: 1 };
    }),
  );
  let work: Promise<void> = Promise.resolve();
  const isClosed = (): boolean => stop.signal.aborted;
  const reconcile = async (): Promise<void> => {
    for (const release of releases) {
      const manifest = await readManifest(options, release.environment);
      // Like Flux: an environment whose manifest cannot be read keeps its version.
      if (manifest === undefined || versionOf(manifest) === release.version) continue;
      const previous = release.version;
      release.version = versionOf(manifest);
      release.number += 1;
      const { environment, version, number, uid } = release;
      const { name, namespace } = manifest.metadata;
      const reported = { namespace, name, uid, revision: version, release: number, at: Date.now() };
      const upgraded = await report(options, environment, releaseSucceeded(reported), stop.signal);
      if (isClosed()) return;
      options.onDeployed({ environment, previous, version, release: number, delivery: upgraded });
      if (manifest.spec.test?.enable !== true) continue;
      const passed = !options.brokenVersions.includes(version);
      const tested = await report(options, environment, testsEnded(reported, passed), stop.signal);
      if (isClosed()) return;
      options.onTested({ environment, version, passed, delivery: tested });
    }
  };
  const stopListening = options.forge.onPush(({ repository, branch }) => {
    if (repository !== options.repository || branch !== 'main') return;
    // Not awaited: the push does not wait for a deployment.
    work = work.then(() => (isClosed() ? undefined : reconcile()));
  });
  return {
    close: async () => {
      stopListening();
      stop.abort();
      await work;
    },
  };
}

async function report(
  { webhookUrl, hmacKey, pipeline }: ClusterOptions,
  environment: string,
  event: FluxEvent,
  signal: AbortSignal,
): Promise<Delivery> {
  const { revision = '' } = event.metadata;
  const body = encodeFluxEvent({ ...event, metadata: { 'app-version': revision, revision } });
  const path = [pipeline.namespace, pipeline.name, environment].map(encodeURIComponent).join('/');
  return deliverEvent(`${webhookUrl}/promotion/${path}`, fluxHeaders(body, hmacKey), body, { signal });
}

async function readManifest(
  { forge, repository }: ClusterOptions,
  environment: string,
): Promise<Manifest | undefined> {
  try {
    const text = await forge.readFile(repository, 'main', manifestPath(environment));
    return manifestSchema.parse(parse(text));
  } catch {
    return undefined;
  }
}

/** The path of an environment's HelmRelease in the demo's repository. */
export function manifestPath(environment: string): string {
  return `apps/${environment}/helmrelease.yaml`;
}

function versionOf(manifest: Manifest): string {
  return manifest.spec.chart.spec.version;
}
