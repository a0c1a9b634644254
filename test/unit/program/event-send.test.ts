import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type EventSendOptions, sendEvent } from '../../../src/program/commands/event-send';
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { interpretEvent } from '../../../src/flux/interpret-event';
import { sign } from '../../support/flux-request';
import { closeServer, listenOnLoopback } from '../../support/loopback';

let server: Server;
let url: string;
let answer: { status: number; body: string };
let received: { request: IncomingMessage; body: Buffer }[];
let directory: string;

beforeEach(async () => {
  received = [];
  answer = { status: 202, body: '{"status":"accepted"}' };
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ request, body });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  url = `http://127.0.0.1:${await listenOnLoopback(server)}/promotion/default/my-app/dev`;
  directory = await mkdtemp(join(tmpdir(), 'windlass-event-'));
});

afterEach(async () => {
  await closeServer(server);
  await rm(directory, { recursive: true });
});

async function send(options: Partial<EventSendOptions> = {}, env = {}) {
  const printed: string[] = [];
  const event = { url, name: 'my-app', namespace: 'dev', revision: '1.2.3', release: '1', ...options };
  const code = await sendEvent(event, env, (text) => printed.push(text));
  return { code, printed: printed.join('\n') };
}

it('posts an event signed with the key of the environment, and prints the answer', async () => {
  const { code, printed } = await send({}, { WINDLASS_HMAC_KEY: 'a key' });
  expect([code, printed]).toEqual([0, '202 {"status":"accepted"}']);
  const [{ request, body }] = received as [(typeof received)[0]];
  expect([request.method, request.url]).toEqual(['POST', '/promotion/default/my-app/dev']);
  expect(request.headers['x-signature']).toBe(sign('a key', body));
  expect(request.headers['content-type']).toBe('application/json');
});

it('takes the key of a file byte for byte, as Flux does', async () => {
  const hmacKeyFile = join(directory, 'key');
  await writeFile(hmacKeyFile, 'a key\n');
  await send({ hmacKeyFile });
  expect(received[0]?.request.headers['x-signature']).toBe(sign('a key\n', received[0]!.body));
});

it('sends no signature without a key', async () => {
  await send();
  expect(received[0]?.request.headers).not.toHaveProperty('x-signature');
});

it('fails where Flux would call it a failure', async () => {
  answer = { status: 401, body: 'no' };
  expect(await send()).toEqual({ code: 1, printed: '401 no' });
});

it('says so when nobody answers', async () => {
  await closeServer(server);
  const { code, printed } = await send();
  expect(code).toBe(1);
  expect(printed).toMatch(/does not answer: .*ECONNREFUSED.* Check that windlass is running there/);
});

it('reports all errors of its options together', async () => {
  const wrong = send({ url: 'here', release: '0', hmacKeyFile: join(directory, 'none') });
  await expect(wrong).rejects.toMatchObject({
    name: 'ConfigurationError',
    faults: [
      expect.stringContaining('--url'),
      expect.stringContaining('--release'),
      expect.stringContaining('--hmac-key-file'),
    ],
  });
  expect(received).toEqual([]);
});

it.each([
  'http://user:canary@127.0.0.1/promotion/a/b/c',
  'user:canary@127.0.0.1',
  'ftp://127.0.0.1/canary?canary',
])('refuses the URL %s without showing what may be secret in it', async (odd) => {
  await expect(send({ url: odd })).rejects.toThrow(/--url is .* without credentials/);
  await expect(send({ url: odd.replace('/canary', '') })).rejects.not.toThrow(/canary/);
});

describe('from a HelmRelease', () => {
  const hex = '0cc9a8446c95009ef382f5eade883a67c257f77d50f84e78ecef2aac9428d1e5';
  const revision = `6.6.1+${hex.slice(0, 12)}`;
  const uid = '22222222-1111-4111-8111-111111111111';
  const helmRelease = (history: readonly object[]) =>
    JSON.stringify({
      kind: 'HelmRelease',
      metadata: { namespace: 'oci-dev', name: 'oci', uid },
      status: { history },
    });
  const deployed = { version: 5, chartVersion: revision, ociDigest: `sha256:${hex}`, status: 'deployed' };
  const pipeline: Pipeline = {
    namespace: 'apps',
    name: 'oci',
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'oci' },
    environments: [
      { name: 'dev', targets: [{ namespace: 'oci-dev' }] },
      { name: 'prod', targets: [{ namespace: 'oci-prod' }] },
    ],
    promotion: { manual: false, strategy: { kind: 'notification' } },
    allowUnsigned: false,
  };
  const eventOf = (body: Uint8Array) => {
    const received = { body, pipeline, environment: 'dev', signed: true, receivedAt: Date.now() };
    const read = interpretEvent(received, 86_400_000);
    return read.kind === 'accept' ? read.event : read;
  };
  const fluxEvent = {
    involvedObject: {
      kind: 'HelmRelease',
      namespace: 'oci-dev',
      name: 'oci',
      uid,
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      resourceVersion: '1',
    },
    severity: 'info',
    timestamp: null,
    message: `Helm upgrade succeeded for release oci-dev/oci.v5 with chart oci@${revision}`,
    reason: 'UpgradeSucceeded',
    metadata: { 'oci-digest': `sha256:${hex}`, revision },
    reportingController: 'helm-controller',
    reportingInstance: 'hc-0',
  };

  it("is Flux's own event: one identity, one version, whatever failed since", async () => {
    const file = join(directory, 'helmrelease.yaml');
    await writeFile(
      file,
      helmRelease([{ ...deployed, version: 6, chartVersion: '7.0.0', status: 'failed' }, deployed]),
    );
    const printed: string[] = [];
    const code = await sendEvent({ url, fromHelmrelease: file }, { WINDLASS_HMAC_KEY: 'key' }, (text) =>
      printed.push(text),
    );
    expect(code).toBe(0);
    const sent = eventOf(received[0]!.body);
    const flux = eventOf(Buffer.from(JSON.stringify(fluxEvent)));
    expect(sent).toEqual({ ...flux, at: expect.any(Number) });
    expect(sent).toMatchObject({ version: '6.6.1' });
  });

  it.each([
    [
      'nothing that is deployed',
      helmRelease([{ ...deployed, status: 'failed' }]),
      'none of its releases is deployed',
    ],
    ['another kind', '{"kind":"ConfigMap"}', 'kind must be HelmRelease'],
  ])('is refused with %s', async (_name, text, fault) => {
    const file = join(directory, 'helmrelease.yaml');
    await writeFile(file, text);
    await expect(sendEvent({ url, fromHelmrelease: file }, {}, () => undefined)).rejects.toThrow(fault);
  });

  it('or by its fields, which are then required', async () => {
    await expect(sendEvent({ url, name: 'a' }, {}, () => undefined)).rejects.toThrow(
      /--namespace is required, or --from-helmrelease instead\.[^]*--version is required/,
    );
  });
});
