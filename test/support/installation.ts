import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { stringify } from 'yaml';
import { type Forge, startForge } from '../../demo/forge/forge';
import { type GithubAppOptions } from '../../demo/forge/github-app';
import { encodeFluxEvent, fluxHeaders, releaseSucceeded } from '../../src/flux/encode-event';
import { laneId } from '../../src/workflows/contract/ids';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { eventually } from './eventually';
import { type KubeApiServer } from './kube-api-server';
import { apply, createNamespaces } from './kube-objects';
import { type Program, startProgram } from './program';

export const repository = 'acme/fleet';
export const environments = ['dev', 'staging', 'prod'] as const;

export interface InstallationOptions {
  /** Has Pipelines and Secrets instead of a directory; needs the CustomResourceDefinition of Pipelines. */
  readonly cluster?: KubeApiServer;
  /** More flags of `windlass api` and `windlass worker`. */
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The Pipeline's manifest, where the usual one will not do. */
  readonly pipeline?: (forge: Forge) => string;
  /** The Secrets' values. */
  readonly secrets?: { readonly token?: string; readonly hmacKey?: string };
  /** A GitHub App of the forge. */
  readonly app?: GithubAppOptions;
  /** The values of the Secret for Git and API, where it is not to have the token. */
  readonly gitSecret?: (forge: Forge) => Readonly<Record<string, string>>;
}

/** What a target reports; all but the version has a default. */
export interface Report {
  readonly version: string;
  readonly pipeline?: string;
  readonly environment?: string;
  readonly uid?: string;
  readonly release?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly at?: Date;
}

/** A signed event as it goes over the wire. */
export interface SignedEvent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A whole installation: forge, Pipelines, Secrets and the two programs, each a process of its own. */
export interface Installation {
  readonly forge: Forge;
  readonly client: Client;
  readonly directory: string;
  readonly pipelinesDir: string;
  readonly hmacKey: string;
  readonly token: string;
  startApi(): Promise<Program>;
  /** `windlass dev` instead of the two, with a Temporal server of its own below the data directory. */
  startDev(): Promise<Program>;
  startWorker(flags?: readonly string[]): Promise<Program>;
  /** The event as Flux would sign it; `hmacKey` where it is another than the installation's. */
  sign(report: Report, hmacKey?: string): SignedEvent;
  /** Posts the signed event as Flux does. */
  report(report: Report): Promise<Response>;
  /** The id of the lane into an environment. */
  lane(environment: string): string;
  /** The manifest of an environment on a branch. */
  manifest(environment: string, branch?: string): Promise<string>;
  /** Stops what runs and removes everything. */
  close(): Promise<void>;
}

export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-e2e-'));
  const pipelinesDir = join(directory, 'pipelines');
  const token = options.secrets?.token ?? `token-${randomUUID()}`;
  const hmacKey = options.secrets?.hmacKey ?? `key-${randomUUID()}`;
  const forge = await startForge({
    directory: join(directory, 'forge'),
    token,
    ...(options.app === undefined ? {} : { app: options.app }),
  });
  await forge.createRepository(
    repository,
    Object.fromEntries(environments.map((name) => [pathOf(name), release(name)])),
  );
  const manifests = {
    pipeline: options.pipeline?.(forge) ?? pipelineManifest(pullRequestPromotion(forge)),
    secrets: secretManifests(options.gitSecret?.(forge) ?? { token }, hmacKey),
  };
  const source =
    options.cluster === undefined
      ? await inDirectory(pipelinesDir, manifests)
      : await inCluster(options.cluster, join(directory, 'kubeconfig'), manifests);

  const address = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'];
  if (address === undefined) throw new Error('The Temporal global set-up has not run.');
  const connection = await Connection.connect({ address });
  const namespace = await freshNamespace(connection);
  const client = new Client({ connection, namespace });
  await eventually(() => ensureSearchAttributes(client));

  const programs: Program[] = [];
  const flags = [
    ...source.flags,
    `--data-dir=${join(directory, 'data')}`,
    '--health-probe-bind-address=127.0.0.1:0',
    '--metrics-bind-address=127.0.0.1:0',
    '--api-bind-address=127.0.0.1:0',
    ...(options.flags ?? []),
  ];
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    // Where the forges and servers of the tests are.
    WINDLASS_ALLOWED_HOSTS: '127.0.0.1,localhost',
    ...source.env,
    ...options.env,
  };
  const start = async (args: readonly string[]): Promise<Program> => {
    const program = startProgram(args, env);
    programs.push(program);
    await program.ready;
    return program;
  };
  let webhook: string | undefined;

  const startWebhook = async (command: 'api' | 'dev'): Promise<Program> => {
    const bind = '--promotion-hook-bind-address=127.0.0.1:0';
    const program = await start([command, bind, ...flags]);
    webhook = (await program.ready).webhook;
    return program;
  };
  const sign = (report: Report, key = hmacKey): SignedEvent => {
    if (webhook === undefined) throw new Error('Start the api first.');
    const { pipeline = 'shop', environment = 'dev' } = report;
    const body = fluxBody(report);
    const url = `${webhook}/promotion/apps/${pipeline}/${environment}`;
    return { url, headers: fluxHeaders(body, key), body };
  };

  return {
    forge,
    client,
    directory,
    pipelinesDir,
    hmacKey,
    token,
    startApi: () => startWebhook('api'),
    startDev: () => startWebhook('dev'),
    startWorker: (more = []) => start(['worker', ...flags, ...more]),
    sign,
    report: (report) => post(sign(report)),
    lane: (environment) => laneId({ namespace: 'apps', name: 'shop' }, environment),
    manifest: (environment, branch = 'main') => forge.readFile(repository, branch, pathOf(environment)),
    async close() {
      await Promise.all(programs.map((program) => program.kill()));
      await connection.close();
      await forge.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Manifests {
  readonly pipeline: string;
  readonly secrets: string;
}

/** What tells the programs where Pipelines and Secrets are. */
interface Source {
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

async function inDirectory(directory: string, { pipeline, secrets }: Manifests): Promise<Source> {
  await mkdir(directory);
  await writeFile(join(directory, 'pipeline.yaml'), pipeline);
  await writeFile(join(directory, 'secrets.yaml'), secrets);
  return { flags: [`--pipelines-dir=${directory}`], env: {} };
}

async function inCluster(
  cluster: KubeApiServer,
  kubeconfig: string,
  { pipeline, secrets }: Manifests,
): Promise<Source> {
  await createNamespaces(cluster, 'apps');
  await apply(cluster, `${secrets}---\n${pipeline}`);
  await writeFile(kubeconfig, cluster.kubeconfig('windlass'));
  return { flags: [], env: { KUBECONFIG: kubeconfig } };
}

/** Once, without Flux's own retries. */
export function post({ url, headers, body }: SignedEvent): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body });
}

export const pathOf = (environment: string): string => `apps/${environment}/release.yaml`;

export const branchOf = (environment: string): string => `promotion-apps-shop-${environment}`;

export function release(environment: string, version = '1.0.0'): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: ${environment}
spec:
  chart:
    spec:
      chart: shop
      version: ${version} # {"$promotion": "apps:shop:${environment}"}
`;
}

/** A Pipeline through all environments, with this `promotion` block. */
export function pipelineManifest(promotion: object, name = 'shop'): string {
  return stringify({
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    metadata: { name, namespace: 'apps' },
    spec: {
      appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2beta1', kind: 'HelmRelease', name: 'shop' },
      environments: environments.map((each) => ({ name: each, targets: [{ namespace: each }] })),
      promotion,
    },
  });
}

/** A promotion by pull request on the forge. */
export function pullRequestPromotion(forge: Forge): object {
  return {
    strategy: {
      'pull-request': {
        type: 'github',
        url: `${forge.url}/${repository}.git`,
        baseBranch: 'main',
        secretRef: { name: 'git' },
      },
      secretRef: { name: 'hmac' },
    },
  };
}

/** The Secrets that the usual Pipeline names. */
export function secretManifests(git: Readonly<Record<string, string>>, hmacKey: string): string {
  return [secretManifest('git', git), secretManifest('hmac', { 'hmac-key': hmacKey })].join('---\n');
}

export function secretManifest(name: string, values: Readonly<Record<string, string>>): string {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'apps' },
    data: Object.fromEntries(data) as Record<string, string>,
  });
}

function fluxBody({ at, reason, message, version: revision, ...report }: Report): string {
  const { environment = 'dev', uid = `uid-${environment}`, release: number = 1 } = report;
  const event = releaseSucceeded({
    namespace: environment,
    name: 'shop',
    uid,
    revision,
    release: number,
    at: (at ?? new Date()).getTime(),
  });
  return encodeFluxEvent({ ...event, reason: reason ?? event.reason, message: message ?? event.message });
}

async function freshNamespace(connection: Connection): Promise<string> {
  const namespace = `e2e-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  return namespace;
}
