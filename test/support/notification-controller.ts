/** Flux's real notification-controller, on the real API server. */
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { encodeFluxEvent, type FluxEvent } from '../../src/flux/encode-event';
import { eventually } from './eventually';
import { fluxNamespace, startFluxController } from './flux-controller';
import { freePort } from './free-port';
import { startHttpRecorder } from './http-recorder';
import { type KubeApiServer } from './kube-api-server';
import { apply, objectsIn } from './kube-objects';

const crds = path.join(__dirname, '../fixtures/flux-crds');

export interface NotificationController {
  /** Where it takes events: `--events-addr`. */
  readonly address: string;
  /** Posts an event as Flux's controllers do. */
  post(event: FluxEvent): Promise<void>;
  /** Is done once the controller knows every Provider and Alert applied before. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Installs Flux's CustomResourceDefinitions as they are published, and waits until the API server serves them. */
export async function installFluxCrds(server: KubeApiServer): Promise<void> {
  const files = (await readdir(crds)).filter((name) => name.endsWith('.yaml'));
  const yaml = await Promise.all(files.map((file) => readFile(path.join(crds, file), 'utf8')));
  for (const definition of yaml) await apply(server, definition);
  const lists = yaml.flatMap(objectsIn).map(pathOfDefined);
  await eventually(async () => {
    const answers = await Promise.all(lists.map((list) => server.request('GET', list)));
    return answers.every(({ status }) => status === 200);
  });
}

/** The list of what a CustomResourceDefinition defines, in the version that is stored. */
function pathOfDefined(definition: object): string {
  const { spec } = definition as {
    readonly spec: {
      readonly group: string;
      readonly names: { readonly plural: string };
      readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
    };
  };
  const stored = spec.versions.find(({ storage }) => storage)?.name;
  return `/apis/${spec.group}/${stored}/${spec.names.plural}`;
}

/** Needs Flux's CustomResourceDefinitions. Its memory of events, and so its de-duplication, begins anew. */
export async function startNotificationController(server: KubeApiServer): Promise<NotificationController> {
  const [events, receiver] = await Promise.all([freePort(), freePort()]);
  const close = await startFluxController(server, 'notification-controller', [
    `--events-addr=127.0.0.1:${events}`,
    `--receiverAddr=127.0.0.1:${receiver}`,
    '--rate-limit-interval=5m',
  ]);
  const address = `http://127.0.0.1:${events}/`;
  const post = (event: FluxEvent) => postEvent(address, event);
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
metadata: { name: ${name}, namespace: ${fluxNamespace} }
spec: { type: generic, address: '${address}' }
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: { name: ${name}, namespace: ${fluxNamespace} }
spec:
  providerRef: { name: ${name} }
  eventSources: [{ kind: Bucket, name: ${name} }]
`;

/** Another one each time: the controller passes on nothing twice. */
function probeEvent(name: string): FluxEvent {
  return {
    involvedObject: {
      kind: 'Bucket',
      namespace: fluxNamespace,
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
