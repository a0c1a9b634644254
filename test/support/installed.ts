/** The built programs over Pipelines and Secrets, whatever Git service these name. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { encodeFluxEvent, fluxHeaders, releaseSucceeded } from '../../src/flux/encode-event';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { laneId } from '../../src/workflows/contract/ids';
import { eventually } from './eventually';
import { type KubeApiServer } from './kube-api-server';
import { apply, createNamespaces } from './kube-objects';
import { type Program, startProgram } from './program';

export interface InstalledOptions {
  /** Has Pipelines and Secrets instead of a directory; needs the CustomResourceDefinition of Pipelines. */
  readonly cluster?: KubeApiServer;
  /** More flags of `windlass api` and `windlass worker`. */
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** What the programs are installed with. */
export interface Manifests {
  readonly pipeline: string;
  readonly secrets: string;
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

/** Pipelines, Secrets and the two programs, each a process of its own. */
export interface Installed {
  readonly client: Client;
  readonly directory: string;
  readonly pipelinesDir: string;
  readonly hmacKey: string;
  startApi(): Promise<Program>;
  /** `windlass dev` instead of the two, with a Temporal server of its own below the data directory. */
  startDev(): Promise<Program>;
  startWorker(flags?: readonly string[]): Promise<Program>;
  /** The event as Flux would sign it; `hmacKey` where it is another than the installation's. */
  sign(report: Report, hmacKey?: string): SignedEvent;
  /** Posts the signed event as Flux does. */
  report(report: Report): Promise<Response>;
  /** The id of the lane into an environment. */
  lane(environment: string, pipeline?: string): string;
  /** Stops what runs. */
  close(): Promise<void>;
}

/** @param directory an empty one, which outlives what is installed */
export async function install(
  directory: string,
  hmacKey: string,
  manifests: Manifests,
  options: InstalledOptions = {},
): Promise<Installed> {
  const pipelinesDir = join(directory, 'pipelines');
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
    client,
    directory,
    pipelinesDir,
    hmacKey,
    startApi: () => startWebhook('api'),
    startDev: () => startWebhook('dev'),
    startWorker: (more = []) => start(['worker', ...flags, ...more]),
    sign,
    report: (report) => post(sign(report)),
    lane: (environment, pipeline = 'shop') => laneId({ namespace: 'apps', name: pipeline }, environment),
    async close() {
      await Promise.all(programs.map((program) => program.kill()));
      await connection.close();
    },
  };
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
