/** Flux's real notification-controller, on the real API server. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { encodeFluxEvent, type FluxEvent } from '../../src/flux/encode-event';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startHttpRecorder } from './http-recorder';
import { type KubeApiServer } from './kube-api-server';
import { apply, createNamespaces } from './kube-objects';
import { startServerProcess } from './server-process';

const serversScript = path.join(__dirname, '../../scripts/kubernetes-servers.mjs');
const crds = path.join(__dirname, '../fixtures/flux-crds');
const group = '/apis/notification.toolkit.fluxcd.io/v1beta3';
/** Two busy cores take their time. */
const readyLimitMs = 90_000;
const runtimeNamespace = 'flux-system';

export interface NotificationController {
  /** Where it takes events: `--events-addr`. */
  readonly address: string;
  /** Posts an event as Flux's controllers do. */
  post(event: FluxEvent): Promise<void>;
  /** Is done once the controller knows every Provider and Alert applied before. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Installs Flux's CustomResourceDefinitions as they are published. */
export async function installFluxCrds(server: KubeApiServer): Promise<void> {
  const files = (await readdir(crds)).filter((name) => name.endsWith('.yaml'));
  for (const file of files) await apply(server, await readFile(path.join(crds, file), 'utf8'));
  const kinds = ['alerts', 'providers'];
  await eventually(async () => {
    const answers = await Promise.all(kinds.map((kind) => server.request('GET', `${group}/${kind}`)));
    return answers.every(({ status }) => status === 200);
  });
}

/** Needs Flux's CustomResourceDefinitions. Its memory of events, and so its de-duplication, begins anew. */
export async function startNotificationController(server: KubeApiServer): Promise<NotificationController> {
  const { stdout } = await promisify(execFile)(process.execPath, [serversScript, 'notification-controller']);
  const { 'notification-controller': program } = JSON.parse(stdout) as Readonly<
    Record<'notification-controller', string>
  >;
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-flux-'));
  const kubeconfig = path.join(directory, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig('admin'));
  await createNamespaces(server, runtimeNamespace);
  const [events, receiver, health, metrics] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const flags = [
    `--events-addr=127.0.0.1:${events}`,
    `--receiverAddr=127.0.0.1:${receiver}`,
    `--health-addr=127.0.0.1:${health}`,
    `--metrics-addr=127.0.0.1:${metrics}`,
    '--rate-limit-interval=5m',
  ];
  const running = startServerProcess(program, flags, {
    ...process.env,
    KUBECONFIG: kubeconfig,
    RUNTIME_NAMESPACE: runtimeNamespace,
  });
  const address = `http://127.0.0.1:${events}/`;
  const close = async () => {
    await running.stop();
    await rm(directory, { recursive: true });
  };
  const post = (event: FluxEvent) => postEvent(address, event);
  try {
    await eventually(async () => {
      running.requireRunning();
      return (await fetch(`http://127.0.0.1:${health}/readyz`)).ok;
    }, readyLimitMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { address, post, settled: () => settled(server, post), close };
}

/** Posts an event with its metadata's keys prefixed, as the controllers of Flux send it. */
async function postEvent(address: string, event: FluxEvent): Promise<void> {
  const { apiVersion } = event.involvedObject;
  const [prefix] = apiVersion.split('/');
  const metadata = Object.fromEntries(
    Object.entries(event.metadata).map(([key, value]) => [`${prefix}/${key}`, value]),
  );
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: encodeFluxEvent({ ...event, metadata }),
  });
  if (response.status !== 202) {
    throw new Error(`notification-controller answers ${response.status}: ${await response.text()}`);
  }
}

/** Alerts reach the controller by one watch, in order: once it heeds one more, it has all before. */
async function settled(server: KubeApiServer, post: NotificationController['post']): Promise<void> {
  const recorder = await startHttpRecorder();
  const name = `settled-${randomUUID()}`;
  await apply(server, probeManifests(name, recorder.url));
  await eventually(async () => {
    await post(probeEvent(name));
    return recorder.requests.length > 0;
  });
  await recorder.close();
}

const probeManifests = (name: string, address: string) => `
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: { name: ${name}, namespace: ${runtimeNamespace} }
spec: { type: generic, address: '${address}' }
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: { name: ${name}, namespace: ${runtimeNamespace} }
spec:
  providerRef: { name: ${name} }
  eventSources: [{ kind: Bucket, name: ${name} }]
`;

/** Another one each time: the controller passes on nothing twice. */
function probeEvent(name: string): FluxEvent {
  return {
    involvedObject: {
      kind: 'Bucket',
      namespace: runtimeNamespace,
      name,
      uid: randomUUID(),
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      resourceVersion: '1',
    },
    severity: 'info',
    timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    message: `probe ${randomUUID()}`,
    reason: 'Probe',
    metadata: {},
    reportingController: 'tests',
    reportingInstance: 'tests',
  };
}
