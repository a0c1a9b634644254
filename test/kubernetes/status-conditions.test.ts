import { type PromotionProgress, type PromotionTask } from '../../src/domain/promotion/promotion';
import { type PipelineRef } from '../../src/domain/pipeline/pipeline';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  getSecrets,
  grant,
  installPipelineCrd,
  pipelinesPath,
} from '../support/kube-objects';
import {
  type PipelineObject,
  readPipeline,
  type Replica,
  type ReplicaOptions,
  startReplica,
  withoutSecrets,
} from './status-replica';

const shop = { namespace: 'apps', name: 'shop' } as const;

let server: KubeApiServer;
const replicas: Replica[] = [];
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'apps', 'locked');
  await grant(server, 'worker', withoutSecrets);
  await grant(server, 'worker', [getSecrets], 'apps');
});
afterAll(() => server.close());
afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.close()));
  await server.request('DELETE', pipelinesPath('apps'));
  await server.request('DELETE', '/api/v1/namespaces/apps/secrets');
});

const start = async (options?: ReplicaOptions) => {
  const replica = await startReplica(server, options);
  replicas.push(replica);
  return replica;
};

const manifest = (spec: string, annotations: Readonly<Record<string, string>> = {}) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: shop, namespace: apps, annotations: ${JSON.stringify(annotations)} }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
${spec}`;

const environments = `
  environments:
    - { name: dev, targets: [{ namespace: dev }] }
    - { name: staging, targets: [{ namespace: staging }] }
    - { name: prod, targets: [{ namespace: prod }] }
`;
const notification = '{ strategy: { notification: {}, secretRef: { name: webhook } } }';
const pullRequest = (type = 'github') =>
  `{ strategy: { pull-request: { type: ${type}, url: https://git.example.com/a/b, secretRef: { name: git } } } }`;
const valid = `${environments}\n  promotion: ${notification}`;

const secret = (name: string, data: Readonly<Record<string, string>>) =>
  apply(
    server,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'apps' },
      stringData: data,
    }),
  );

const condition = ({ status }: PipelineObject, type: string) =>
  status?.conditions?.find((known) => known.type === type);

const promotionInto = (to: string): PromotionTask => ({
  action: 'promote',
  pipeline: shop,
  from: 'dev',
  to,
  version: '1.2.3',
  event: deployment({ version: '1.2.3', pipeline: shop }),
});
const started: PromotionProgress = {
  state: 'started',
  message: '',
  workflowId: 'promotion',
  startedAt: noon,
  at: noon,
};

const once = (isSo: (pipeline: PipelineObject) => boolean, ref: PipelineRef = shop) =>
  eventually(async () => {
    const pipeline = await readPipeline(server, ref);
    if (!isSo(pipeline)) throw new Error(`Its status is still ${JSON.stringify(pipeline.status)}.`);
    return pipeline;
  });

/** Waits until the Pipeline's spec has been looked at. */
const observed = (ref?: PipelineRef) =>
  once(({ metadata, status }) => status?.observedGeneration === metadata.generation, ref);

const readyAs = (status: string) => once((pipeline) => condition(pipeline, 'Ready')?.status === status);

const setConditions = (conditions: readonly unknown[]) =>
  server.request(
    'PATCH',
    `${pipelinesPath('apps', 'shop')}/status`,
    { status: { conditions } },
    'application/merge-patch+json',
  );

/** As kstatus computes it of a custom resource's generation and conditions. */
const kstatus = (pipeline: PipelineObject) => {
  if (pipeline.status?.observedGeneration !== pipeline.metadata.generation) return 'InProgress';
  if (condition(pipeline, 'Stalled')?.status === 'True') return 'Failed';
  if (condition(pipeline, 'Reconciling')?.status === 'True') return 'InProgress';
  return condition(pipeline, 'Ready')?.status === 'True' ? 'Current' : 'InProgress';
};

describe('the conditions of a Pipeline', () => {
  it('say that it is ready, for this generation of it', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    await start();
    const pipeline = await observed();
    expect(pipeline.status?.conditions).toEqual([
      {
        type: 'Ready',
        status: 'True',
        reason: 'ReconciliationSucceeded',
        message: 'shop: dev → staging → prod.',
        observedGeneration: pipeline.metadata.generation,
        lastTransitionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    ]);
    expect(kstatus(pipeline)).toBe('Current');
  });

  it.each([
    [
      'names an environment twice',
      `
  environments: [{ name: dev, targets: [{ namespace: a }] }, { name: dev, targets: [{ namespace: b }] }]`,
      'spec.environments[1].name is also the name of an earlier environment.',
    ],
    [
      'has an environment without targets',
      `
  environments: [{ name: dev, targets: [] }]`,
      'spec.environments[0].targets is empty',
    ],
    [
      'has two strategies',
      `${environments}
  promotion: { strategy: { notification: {}, pull-request: { type: github, url: https://git.example.com/a/b, secretRef: { name: git } } } }`,
      'has two strategies',
    ],
  ])('say that it is stalled when it %s', async (_, spec, sentence) => {
    await apply(server, manifest(spec));
    await start();
    const pipeline = await observed();
    expect(condition(pipeline, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'InvalidSpec',
      message: expect.stringContaining(sentence),
    });
    expect(kstatus(pipeline)).toBe('Failed');
  });

  it('say which Secret is missing, and then that it is there', async () => {
    await apply(server, manifest(valid));
    await start({ waits: { notReady: 200 } });
    const missing = await observed();
    expect(condition(missing, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'SecretNotFound',
      message: 'The Secret apps/webhook does not exist: create it, with the key hmac-key.',
    });
    expect(kstatus(missing)).toBe('InProgress');
    await secret('webhook', { 'hmac-key': 'key' });
    expect(kstatus(await readyAs('True'))).toBe('Current');
  });

  it('say that a Secret has gone', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    await start({ waits: { ready: 200 } });
    await readyAs('True');
    await server.request('DELETE', '/api/v1/namespaces/apps/secrets/webhook');
    expect(condition(await readyAs('False'), 'Ready')?.reason).toBe('SecretNotFound');
  });

  it.each([
    ['a blank key for the webhook', 'webhook', { 'hmac-key': ' \n' }, notification, 'hmac-key'],
    ['no token', 'git', { username: 'git', password: 'secret' }, pullRequest(), 'token'],
  ])('say that a Secret has %s', async (_, name, data, promotion, key) => {
    await secret(name, data);
    await apply(server, manifest(`${environments}\n  promotion: ${promotion}`));
    await start();
    expect(condition(await observed(), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'SecretIncomplete',
      message: `The Secret apps/${name} has no ${key}, or a blank one: add it.`,
    });
  });

  it('say which right is missing to read a Secret', async () => {
    await apply(server, manifest(valid).replace('namespace: apps', 'namespace: locked'));
    await start();
    expect(condition(await observed({ ...shop, namespace: 'locked' }), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'SecretForbidden',
      message: expect.stringContaining('the permission to get Secrets in namespace locked'),
    });
  });

  it('are mended with the spec', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(`\n  environments: [{ name: dev, targets: [] }]`));
    await start();
    expect(kstatus(await observed())).toBe('Failed');
    await apply(server, manifest(valid));
    const ready = await readyAs('True');
    expect(condition(ready, 'Stalled')).toBeUndefined();
    expect(kstatus(ready)).toBe('Current');
  });

  it('keep the time of their last transition for as long as they stay', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const before = {
      type: 'Ready',
      status: 'True',
      reason: 'Earlier',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    await setConditions([before]);
    await start();
    expect(condition(await observed(), 'Ready')).toMatchObject({
      reason: 'ReconciliationSucceeded',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
  });

  it("leave somebody else's conditions alone", async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const theirs = {
      type: 'PromotionPending',
      status: 'True',
      reason: 'Pending',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    await setConditions([theirs]);
    await start();
    const pipeline = await readyAs('True');
    expect(condition(pipeline, 'PromotionPending')).toEqual(theirs);
  });
});

describe('another controller that writes the same condition', () => {
  const theirs = {
    type: 'Ready',
    status: 'True',
    reason: 'ReconciliationSucceeded',
    message: 'All clusters checked',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const readySays = (message: string) =>
    once((pipeline) => condition(pipeline, 'Ready')?.message === message);

  it('is not answered blow for blow', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const replica = await start();
    await readySays('shop: dev → staging → prod.');
    for (const message of ['All clusters checked', 'All clusters checked again']) {
      const looks = replica.looks();
      await setConditions([{ ...theirs, message }]);
      // The second look begins when all that the first one led to is done.
      await eventually(() => replica.looks() > looks);
    }
    expect(replica.writes()).toBe(1);
  });

  it('is overruled again after that while', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    await start({ waits: { contested: 200 } });
    await readySays('shop: dev → staging → prod.');
    await setConditions([theirs]);
    await expect(readySays('shop: dev → staging → prod.')).resolves.toBeDefined();
  });
});

describe('replicas', () => {
  it('do not write when nothing differs, however often they look', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const pair = await Promise.all([1, 2].map(() => start({ waits: { ready: 20, conflict: 20 } })));
    const { metadata } = await readyAs('True');
    const looks = pair.map((replica) => replica.looks());
    const second = Math.floor(Date.now() / 1_000);
    await eventually(
      () =>
        pair.every((replica, index) => replica.looks() > looks[index]! + 10) &&
        // A needless write would note another time.
        Math.floor(Date.now() / 1_000) > second + 1,
    );
    expect((await readPipeline(server, shop)).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it('agree about hundreds of Pipelines', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    const names = Array.from({ length: 300 }, (_, index) => `shop-${index}`);
    await Promise.all(
      names.map((name) => apply(server, manifest(valid).replace('name: shop,', `name: ${name},`))),
    );
    const pair = await Promise.all([start(), start()]);
    const all = async () =>
      ((await server.request('GET', pipelinesPath('apps'))).body as { items: PipelineObject[] }).items;
    await eventually(async () => (await all()).every((item) => kstatus(item) === 'Current'), 60_000);
    await Promise.all(pair.map((replica) => replica.close()));
    expect(await all()).toHaveLength(300);
  });
});

describe("Flux's annotation requestedAt", () => {
  const requested = (at: string) => manifest(valid, { 'reconcile.fluxcd.io/requestedAt': at });

  it('is handed on once to promotions that run and to those that failed, and confirmed', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, requested('2026-11-23T12:00:00Z'));
    const replica = await start({ waits: { ready: 20 } });
    const handled = (at: string) =>
      eventually(async () => (await readPipeline(server, shop)).status?.lastHandledReconcileAt === at);
    await handled('2026-11-23T12:00:00Z');
    await apply(server, requested('again'));
    await handled('again');
    expect(replica.commands.filter((command) => command.startsWith('retry'))).toEqual([
      'retry apps/shop staging,prod 2026-11-23T12:00:00Z',
      'retry apps/shop staging,prod again',
    ]);
    expect(replica.commands).toContain('reconsider apps/shop');
  });

  it('waits, unconfirmed, until Temporal is there', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, requested('now'));
    let isAway = true;
    let asked = 0;
    await start({
      waits: { failed: 50 },
      commands: {
        reconsider: () => Promise.resolve(),
        retryFailed() {
          asked += 1;
          return isAway ? Promise.reject(new Error('away')) : Promise.resolve();
        },
      },
    });
    const ready = await readyAs('True');
    expect(ready.status?.lastHandledReconcileAt).toBeUndefined();
    await eventually(() => asked > 1);
    isAway = false;
    await eventually(async () => (await readPipeline(server, shop)).status?.lastHandledReconcileAt === 'now');
  });
});

describe('a change of the spec', () => {
  it('is handed on to the promotions that run; a new Pipeline has none', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const replica = await start();
    await observed();
    expect(replica.commands).toEqual([]);
    await apply(server, manifest(`${valid}\n  suspend: true`));
    await observed();
    expect(replica.commands).toEqual(['reconsider apps/shop']);
  });

  it('takes along the status of an environment that is no more', async () => {
    await secret('webhook', { 'hmac-key': 'key' });
    await apply(server, manifest(valid));
    const { reporter } = await start();
    await observed();
    const signal = new AbortController().signal;
    for (const to of ['staging', 'prod']) await reporter.report(promotionInto(to), started, signal);
    await apply(
      server,
      manifest(`
  environments: [{ name: dev, targets: [{ namespace: dev }] }, { name: staging, targets: [{ namespace: staging }] }]
  promotion: ${notification}`),
    );
    await eventually(async () => {
      const { status } = await readPipeline(server, shop);
      return Object.keys(status?.environments ?? {}).join() === 'staging';
    });
    expect((await observed()).status?.environments).toHaveProperty('staging.lastPromotion.state', 'started');
  });
});
