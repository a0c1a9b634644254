import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { fluxBody, sign } from '../../support/flux-request';
import { memoryStore } from '../../support/memory-store';
import { sendRaw } from '../../support/raw-http';
import { samplePipeline } from '../../support/sample-pipeline';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

let webhook: RunningWebhook;
afterEach(() => webhook.close());

const limit = { value: 3, intervalMs: 3_600_000 };
const start = async (overrides: Parameters<typeof startWebhook>[0] = {}): Promise<void> => {
  webhook = await startWebhook({ limit, ...overrides });
};

interface Sent {
  readonly forwarded?: string;
  readonly path?: string;
  readonly body?: string;
}

async function send({ forwarded, path, body = fluxBody() }: Sent, signature?: string): Promise<number> {
  const response = await webhook.post({
    body,
    ...(path === undefined ? {} : { path }),
    ...(signature === undefined ? {} : { signature }),
    headers: forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded },
  });
  expect(response.headers.has('retry-after')).toBe(false);
  await response.arrayBuffer();
  return response.status;
}
const sendSigned = ({ body = fluxBody(), ...sent }: Sent = {}): Promise<number> =>
  send({ ...sent, body }, sign(webhookKey, body));

async function statuses(count: number, one: (index: number) => Promise<number>): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push(await one(index));
  return seen;
}

describe('failed requests', () => {
  it('are limited by address, whatever fails', async () => {
    await start();
    expect(await send({})).toBe(401);
    expect(await send({ path: '/nowhere' })).toBe(404);
    expect(await send({ body: 'x'.repeat(300_000) })).toBe(413);
    expect(await send({})).toBe(429);
  });

  it('are answered in the problem format, and logged for those who look closely only', async () => {
    await start({ limit: { value: 1, intervalMs: 3_600_000 } });
    await send({});
    const response = await webhook.post({ body: fluxBody() });
    expect(await response.json()).toEqual({
      title: 'Too Many Requests',
      status: 429,
      detail: 'too many failed requests from this address: try again later.',
    });
    expect(webhook.log.map(({ level, outcome }) => [level, outcome])).toEqual([
      [30, 'unauthorized'],
      [20, 'too-many-failures'],
    ]);
  });

  it('are refused before their body is read', async () => {
    await start({ limit: { value: 1, intervalMs: 3_600_000 } });
    await send({});
    const head = 'POST /promotion/pipelines/my-app/dev HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n';
    expect(await sendRaw(webhook.port, head)).toMatch(/^HTTP\/1\.1 429 /);
  });

  it('leave the health check alone', async () => {
    await start({ limit: { value: 1, intervalMs: 3_600_000 } });
    await send({});
    expect((await webhook.post({ body: '', method: 'GET', path: '/healthz' })).status).toBe(200);
  });

  it('do not count where the sender holds the key: an Alert may forward a whole cluster', async () => {
    await start();
    const other = fluxBody(['"name":"my-app"', '"name":"other"']);
    expect(await statuses(6, () => sendSigned({ body: other }))).toEqual([422, 422, 422, 422, 422, 422]);
    expect(await sendSigned()).toBe(202);
  });

  it('count where an unsigned event is no use', async () => {
    const unsigned: Pipeline = {
      ...samplePipeline,
      promotion: { manual: false, strategy: { kind: 'notification' } },
      allowUnsigned: true,
    };
    await start({ store: memoryStore([unsigned]) });
    expect(await statuses(4, () => send({ body: '{}' }))).toEqual([422, 422, 422, 429]);
  });
});

describe('the address of a client', () => {
  it('is that of the connection: anybody may write X-Forwarded-For', async () => {
    await start();
    expect(await statuses(4, (index) => send({ forwarded: `192.0.2.${index}` }))).toEqual([
      401, 401, 401, 429,
    ]);
  });

  it("is what a trusted proxy says, so that one's flood is not another's", async () => {
    await start({ trustedProxies: ['127.0.0.0/8'] });
    expect(await statuses(4, () => send({ forwarded: '192.0.2.1' }))).toEqual([401, 401, 401, 429]);
    expect(await sendSigned({ forwarded: '192.0.2.2' })).toBe(202);
  });

  it('is the last that no trusted proxy has, whatever the client put before it', async () => {
    await start({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    const forged = (index: number): string => `203.0.113.${index}, 192.0.2.1, 10.1.2.3`;
    expect(await statuses(4, (index) => send({ forwarded: forged(index) }))).toEqual([401, 401, 401, 429]);
  });

  it('is one for the /64 of an IPv6 client', async () => {
    await start({ trustedProxies: ['127.0.0.1'] });
    expect(await statuses(4, (index) => send({ forwarded: `2001:db8:0:7::${index}` }))).toEqual([
      401, 401, 401, 429,
    ]);
    expect(await send({ forwarded: '2001:db8:0:8::1' })).toBe(401);
  });

  it('of a proxy that is not trusted is its own', async () => {
    await start({ trustedProxies: ['10.0.0.0/8'] });
    expect(await statuses(4, (index) => send({ forwarded: `192.0.2.${index}` }))).toEqual([
      401, 401, 401, 429,
    ]);
  });
});

describe('events', () => {
  it('are limited by pipeline and environment', async () => {
    await start();
    expect(await statuses(4, () => sendSigned())).toEqual([202, 202, 202, 429]);
    expect(webhook.lanes.reported).toHaveLength(3);
    expect(await sendSigned({ path: '/promotion/pipelines/my-app/staging' })).toBe(202);
  });

  it('that are ignored use nothing up', async () => {
    await start();
    const failed = fluxBody(['"UpgradeSucceeded"', '"UpgradeFailed"']);
    expect(await statuses(6, () => sendSigned({ body: failed }))).toEqual([202, 202, 202, 202, 202, 202]);
    expect(await sendSigned()).toBe(202);
  });

  it('of thirty applications upgraded at once behind one address all get through', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `app-${index}`);
    const pipelines = names.map((name) => ({
      ...samplePipeline,
      name,
      appRef: { ...samplePipeline.appRef, name },
    }));
    await start({ store: memoryStore(pipelines, { 'pipelines/webhook': { 'hmac-key': webhookKey } }) });
    const answers = await Promise.all(
      names.map((name) =>
        sendSigned({
          path: `/promotion/pipelines/${name}/dev`,
          body: fluxBody(['"name":"my-app"', `"name":"${name}"`]),
        }),
      ),
    );
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(webhook.lanes.reported).toHaveLength(30);
  });
});
