import { WindlassError } from '../../../src/domain/errors';
import { type Pipeline, type PromotionBlock } from '../../../src/domain/pipeline/pipeline';
import { fluxBody, sign } from '../../support/flux-request';
import { memoryStore } from '../../support/memory-store';
import { samplePipeline } from '../../support/sample-pipeline';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

let webhook: RunningWebhook;
afterEach(() => webhook.close());

type Secrets = Parameters<typeof memoryStore>[1];
async function startWith(
  secrets: Secrets,
  pipeline: Pipeline = samplePipeline,
  allowUnsigned = false,
): Promise<void> {
  webhook = await startWebhook({ store: memoryStore([pipeline], secrets), allowUnsigned });
}
const startWithKey = (key: string | Uint8Array): Promise<void> =>
  startWith({ 'pipelines/webhook': { 'hmac-key': key } });

async function statusOf(signature: string | undefined, path?: string, body = fluxBody()): Promise<number> {
  const response = await webhook.post({
    body,
    ...(signature === undefined ? {} : { signature }),
    ...(path === undefined ? {} : { path }),
  });
  await response.arrayBuffer();
  return response.status;
}

const lastDetail = (): unknown => webhook.log.at(-1)?.['detail'];

describe('a signature', () => {
  it.each(['sha224', 'sha256', 'sha384', 'sha512'])('by %s holds', async (algorithm) => {
    await startWithKey(webhookKey);
    expect(await statusOf(sign(webhookKey, fluxBody(), algorithm))).toBe(202);
  });

  it('is of the bytes that Go sends, not of what they mean', async () => {
    await startWithKey(webhookKey);
    const unescaped = fluxBody(['a\\u0026b', 'a&b']);
    expect(await statusOf(sign(webhookKey, unescaped))).toBe(401);
    expect(await statusOf(sign(webhookKey, fluxBody()))).toBe(202);
  });

  it('may be by a key that is no text', async () => {
    const key = Uint8Array.from([0, 255, 128, 10, 195]);
    await startWithKey(key);
    expect(await statusOf(sign(key, fluxBody()))).toBe(202);
  });

  it('is by the key untrimmed, as Flux takes it', async () => {
    await startWithKey(`${webhookKey}\n`);
    expect(await statusOf(sign(`${webhookKey}\n`, fluxBody()))).toBe(202);
  });

  it.each([
    ['the Secret', `${webhookKey}\n`, webhookKey],
    ['the sender', webhookKey, `${webhookKey}\n`],
  ])(
    'by a key that has a newline at %s alone is refused, and the log says so',
    async (_where, ours, theirs) => {
      await startWithKey(ours);
      expect(await statusOf(sign(theirs, fluxBody()))).toBe(401);
      expect(lastDetail()).toContain('differ in white space only');
    },
  );

  it('may be by the new or the previous key during a rotation', async () => {
    await startWith({ 'pipelines/webhook': { 'hmac-key': 'new', 'hmac-key-previous': 'old' } });
    expect(await statusOf(sign('new', fluxBody()))).toBe(202);
    expect(await statusOf(sign('old', fluxBody()))).toBe(202);
    expect(await statusOf(sign('older', fluxBody()))).toBe(401);
  });
});

describe('the key', () => {
  const notification = (hmacSecretName?: string): PromotionBlock => ({
    manual: false,
    strategy: { kind: 'notification' },
    ...(hmacSecretName === undefined ? {} : { hmacSecretName }),
  });
  const keyPerHop: Pipeline = {
    ...samplePipeline,
    environments: samplePipeline.environments.map((e) =>
      e.name === 'prod'
        ? { ...e, promotion: notification('prod-gate') }
        : { ...e, promotion: notification() },
    ),
  };
  const secrets = {
    'pipelines/webhook': { 'hmac-key': 'common' },
    'pipelines/prod-gate': { 'hmac-key': 'gate' },
  };
  const staging = '/promotion/pipelines/my-app/staging';

  it("is the next environment's own: the cluster of dev cannot speak for staging", async () => {
    await startWith(secrets, keyPerHop);
    expect(await statusOf(sign('gate', fluxBody()), staging)).toBe(202);
    expect(await statusOf(sign('common', fluxBody()), staging)).toBe(401);
  });

  it("is the pipeline's where the next environment's block names none", async () => {
    await startWith(secrets, keyPerHop);
    expect(await statusOf(sign('common', fluxBody()))).toBe(202);
  });

  it.each(['prod', 'qa'])("is the pipeline's for an environment without a hop: %s", async (environment) => {
    await startWith(secrets, keyPerHop);
    const path = `/promotion/pipelines/my-app/${environment}`;
    expect(await statusOf(sign('gate', fluxBody()), path)).toBe(401);
    expect(await statusOf(sign('common', fluxBody()), path)).not.toBe(401);
  });
});

describe('401, one answer for all', () => {
  const unauthorized = JSON.stringify({
    title: 'Unauthorized',
    status: 401,
    detail:
      'the signature is missing or wrong, or there is no such pipeline: the log of windlass says which.',
  });
  const dev = '/promotion/pipelines/my-app/dev';
  const wrong = sign('wrong', fluxBody());
  const right = sign(webhookKey, fluxBody());
  const keyed: Secrets = { 'pipelines/webhook': { 'hmac-key': webhookKey } };
  const unnamed: Pipeline = {
    ...samplePipeline,
    promotion: { manual: false, strategy: { kind: 'notification' } },
  };

  it.each<[string, string | undefined, string, Secrets, Pipeline, string]>([
    ['no signature', undefined, dev, keyed, samplePipeline, 'has no X-Signature'],
    ['an empty signature', '', dev, keyed, samplePipeline, 'X-Signature is malformed'],
    ['a malformed signature', 'sha256=zz', dev, keyed, samplePipeline, 'X-Signature is malformed'],
    ['a weak algorithm', `sha1=${'a'.repeat(40)}`, dev, keyed, samplePipeline, 'X-Signature is malformed'],
    ['a wrong signature', wrong, dev, keyed, samplePipeline, 'was not made with'],
    ['no such pipeline', right, '/promotion/pipelines/none/dev', keyed, samplePipeline, 'no such pipeline'],
    ['no such namespace', right, '/promotion/none/my-app/dev', keyed, samplePipeline, 'no such pipeline'],
    ['no Secret named', right, dev, keyed, unnamed, 'unsigned events are not allowed'],
    ['the named Secret missing', right, dev, {}, samplePipeline, 'Secret pipelines/webhook does not exist'],
    [
      'its key missing',
      right,
      dev,
      { 'pipelines/webhook': { token: 'x' } },
      samplePipeline,
      'has no hmac-key',
    ],
    [
      'its key empty',
      sign('', fluxBody()),
      dev,
      { 'pipelines/webhook': { 'hmac-key': '' } },
      samplePipeline,
      'blank',
    ],
    [
      'its key blank',
      sign('\n', fluxBody()),
      dev,
      { 'pipelines/webhook': { 'hmac-key': '\n' } },
      samplePipeline,
      'blank',
    ],
    ...[
      [
        'encrypted',
        'ENC[AES256_GCM,data:tYKW7Qn3m0w=,iv:0c1pVbZ1m2x3,tag:0F1x2Q==,type:str]',
        'is encrypted by SOPS',
      ],
      ['an unsubstituted variable', '${HMAC_TOKEN}', 'holds an unsubstituted variable'],
      ['an unsubstituted variable and a newline', '${HMAC_TOKEN:=none}\n', 'holds an unsubstituted variable'],
    ].map(([name, key = '', why = '']): [string, string, string, Secrets, Pipeline, string] => [
      `its key ${name}`,
      sign(key, fluxBody()),
      dev,
      { 'pipelines/webhook': { 'hmac-key': key } },
      samplePipeline,
      `Secret pipelines/webhook's hmac-key ${why}`,
    ]),
  ])('%s: the log alone says why', async (_name, signature, path, secrets, pipeline, why) => {
    await startWith(secrets, pipeline);
    const response = await webhook.post({
      body: fluxBody(),
      path,
      ...(signature === undefined ? {} : { signature }),
    });
    expect(await response.text()).toBe(unauthorized);
    expect([...response.headers].filter(([name]) => name !== 'date')).toEqual([
      ['connection', 'keep-alive'],
      ['content-length', String(unauthorized.length)],
      ['content-type', 'application/problem+json'],
      ['keep-alive', expect.any(String)],
      ['x-content-type-options', 'nosniff'],
    ]);
    expect(webhook.log).toMatchObject([
      { status: 401, outcome: 'unauthorized', detail: expect.stringContaining(why) },
    ]);
    expect(webhook.lanes.reported).toEqual([]);
  });

  it('a Pipeline that is invalid: the log alone says why', async () => {
    const fault = new WindlassError('invalid-pipeline', 'The Pipeline pipelines/my-app is invalid: x.');
    const store = { ...memoryStore([], keyed), pipeline: () => Promise.reject(fault) };
    webhook = await startWebhook({ store });
    const response = await webhook.post({ body: fluxBody(), signature: right });
    expect([response.status, await response.text()]).toEqual([401, unauthorized]);
    expect(webhook.log).toMatchObject([{ detail: expect.stringContaining('is invalid: x.') }]);
  });

  it('costs the same look-ups whether there is such a pipeline or not', async () => {
    const lookUps: string[] = [];
    const store = memoryStore([samplePipeline], keyed);
    webhook = await startWebhook({
      store: {
        ...store,
        pipeline: (ref) => {
          lookUps.push('pipeline');
          return store.pipeline(ref);
        },
        secret: (namespace, name) => {
          lookUps.push('secret');
          return store.secret(namespace, name);
        },
      },
    });
    await statusOf(wrong);
    const forKnown = lookUps.splice(0);
    await statusOf(wrong, '/promotion/pipelines/none/dev');
    expect(forKnown).toEqual(['pipeline', 'secret']);
    expect(lookUps).toEqual(forKnown);
  });

  it('never shows key, body or signature, not even in the log', async () => {
    await startWith(keyed);
    const body = fluxBody(['a-1.2.4', 'canary-in-body']);
    await statusOf(sign(`${webhookKey} `, body), dev, body);
    await statusOf(sign(webhookKey, body), dev, body);
    const log = JSON.stringify(webhook.log);
    expect(webhook.log).toHaveLength(2);
    expect(log).not.toContain(webhookKey);
    expect(log).not.toContain('canary-in-body');
    expect(log).not.toMatch(/sha256=/);
    expect(log).not.toContain(sign(webhookKey, body).slice('sha256='.length));
  });
});

describe('an unsigned event', () => {
  const unnamed: Pipeline = {
    ...samplePipeline,
    promotion: { manual: false, strategy: { kind: 'notification' } },
  };

  it('counts where the Pipeline says so', async () => {
    await startWith({}, { ...unnamed, allowUnsigned: true });
    expect(await statusOf(undefined)).toBe(202);
  });

  it('counts where the installation says so', async () => {
    await startWith({}, unnamed, true);
    expect(await statusOf(undefined)).toBe(202);
  });

  it('may bear a signature that nobody can check', async () => {
    await startWith({}, unnamed, true);
    expect(await statusOf('sha256=nonsense')).toBe(202);
  });

  it('never counts where a Secret is named, be it there or not', async () => {
    await startWith({}, { ...samplePipeline, allowUnsigned: true }, true);
    expect(await statusOf(undefined)).toBe(401);
  });

  it('of an unknown pipeline is refused all the same', async () => {
    await startWith({}, unnamed, true);
    expect(await statusOf(undefined, '/promotion/pipelines/none/dev')).toBe(401);
  });
});
