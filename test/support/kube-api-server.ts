/** A real Kubernetes API server over a real etcd, on loopback, as controller-runtime's envtest has it. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Dispatcher, Agent, fetch } from 'undici';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { findServers } from './server-programs';
import { type ServerProcess, startServerProcess } from './server-process';

/** Two busy cores take their time. */
const readyLimitMs = 90_000;

/** A user of the API server, by the token in its kubeconfig; has the rights that RBAC gives, an admin all. */
export type KubeUser = 'admin' | 'windlass';
const tokens: Readonly<Record<KubeUser, string>> = { admin: 'admin-token', windlass: 'windlass-token' };

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface KubeApiServer {
  readonly url: string;
  /** PEM of the certificate that it shows. */
  readonly ca: string;
  /** A kubeconfig's text. @param server another address of it, such as a proxy's */
  kubeconfig(user: KubeUser, server?: string): string;
  /** Sends one request as the admin, and gives whatever is answered. */
  request(method: string, apiPath: string, body?: unknown, contentType?: string): Promise<ApiAnswer>;
  /** Stops the API server and keeps etcd. */
  stop(): Promise<void>;
  /** Starts the API server again, where it was, with what etcd has. */
  start(): Promise<void>;
  /** Makes etcd forget every revision but today's. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

export interface KubeApiServerOptions {
  /** False: every watch goes to etcd, so that compaction ends it. */
  readonly watchCache?: boolean;
}

/** Starts both servers, and is done once the API server is ready. */
export async function startKubeApiServer(options: KubeApiServerOptions = {}): Promise<KubeApiServer> {
  const programs = await findServers('kube-apiserver', 'etcd');
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-kube-'));
  await writeCredentials(directory);

  const etcdUrl = `http://127.0.0.1:${await freePort()}`;
  const etcd = startServerProcess(programs.etcd, etcdArguments(directory, etcdUrl, await freePort()));
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  let server: ServerProcess | undefined;
  let dispatcher: Dispatcher | undefined;
  let ca = '';

  const start = async () => {
    const started = startServerProcess(
      programs['kube-apiserver'],
      apiServerArguments(directory, etcdUrl, port, options.watchCache ?? true),
    );
    server = started;
    await eventually(() => {
      started.requireRunning();
      return isReady();
    }, readyLimitMs);
  };
  const isReady = async (): Promise<boolean> => {
    ca = await readFile(path.join(directory, 'apiserver.crt'), 'utf8');
    dispatcher ??= new Agent({ connect: { ca } });
    return (await send('GET', '/readyz')).status === 200;
  };
  const send = async (method: string, apiPath: string, body?: unknown, contentType = 'application/json') => {
    const response = await fetch(url + apiPath, {
      method,
      ...(dispatcher === undefined ? {} : { dispatcher }),
      headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': contentType },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  };
  const stop = async () => {
    await dispatcher?.destroy();
    dispatcher = undefined;
    await server?.stop();
  };
  const close = async () => {
    await stop();
    await etcd.stop();
    await rm(directory, { recursive: true });
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    ca,
    kubeconfig: (user, address = url) => kubeconfig(tokens[user], address, ca),
    request: send,
    stop,
    start,
    compact: () => compact(etcdUrl),
    close,
  };
}

async function writeCredentials(directory: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const users = `${tokens.admin},admin,1,"system:masters"\n${tokens.windlass},windlass,2\n`;
  await Promise.all([
    writeFile(path.join(directory, 'service-accounts.key'), privateKey),
    writeFile(path.join(directory, 'service-accounts.pub'), publicKey),
    writeFile(path.join(directory, 'tokens.csv'), users),
  ]);
}

function etcdArguments(directory: string, url: string, peerPort: number): string[] {
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  return [
    `--data-dir=${path.join(directory, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

function apiServerArguments(directory: string, etcdUrl: string, port: number, watchCache: boolean): string[] {
  const file = (name: string) => path.join(directory, name);
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // It makes its own certificate there.
    `--cert-dir=${directory}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('service-accounts.pub')}`,
    `--service-account-signing-key-file=${file('service-accounts.key')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--profiling=false',
    `--watch-cache=${watchCache}`,
  ];
}

function kubeconfig(token: string, server: string, ca: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

/** By etcd's gateway from JSON to gRPC (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/). */
async function compact(etcdUrl: string): Promise<void> {
  const post = async (method: string, body: unknown) => {
    const response = await fetch(`${etcdUrl}/v3/${method}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd refuses ${method}: ${await response.text()}`);
    return (await response.json()) as { header: { revision: string } };
  };
  const { header } = await post('kv/range', { key: Buffer.from('/').toString('base64') });
  await post('kv/compaction', { revision: header.revision, physical: true });
}
