import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Actor } from '../../src/domain/people/actor';
import { loadKubeConfig } from '../../src/kubernetes/load-kube-config';
import { createKubernetesFreezeDesk } from '../../src/store/kubernetes/freeze-desk';
import { retrySignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
  secretManifest,
} from '../support/installation';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  freezesPath,
  installFreezeCrd,
  installPipelineCrd,
  type KubeObject,
  objectsIn,
  pipelinesPath,
} from '../support/kube-objects';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { grantWorkerRights, readEvents, readPipeline } from './status-replica';

const shop = { namespace: 'apps', name: 'shop' } as const;

let cluster: KubeApiServer;
let installation: Installation;
beforeEach(async () => {
  cluster = await startKubeApiServer();
  await installPipelineCrd(cluster);
  await installFreezeCrd(cluster);
  await grantWorkerRights(cluster);
  installation = await createInstallation({ cluster });
  await installation.startApi();
});
afterEach(async () => {
  await installation.close();
  await cluster.close();
});

interface PipelineManifest extends KubeObject {
  readonly spec: { readonly environments: readonly { readonly name: string }[] };
}

const original = () =>
  objectsIn(pipelineManifest(pullRequestPromotion(installation.forge)))[0] as PipelineManifest;

const put = (pipeline: KubeObject) => apply(cluster, JSON.stringify(pipeline));

/** The whole Pipeline suspended, or one environment of it. */
const suspended = (environment?: string): PipelineManifest => {
  const pipeline = original();
  const { environments } = pipeline.spec;
  const spec =
    environment === undefined
      ? { suspend: true }
      : { environments: environments.map((each) => ({ ...each, suspend: each.name === environment })) };
  return { ...pipeline, spec: { ...pipeline.spec, ...spec } };
};

const annotate = (annotations: Readonly<Record<string, string>>) =>
  cluster.request(
    'PATCH',
    pipelinesPath('apps', 'shop'),
    { metadata: { annotations } },
    'application/merge-patch+json',
  );

/** It ends too late for a promotion to look again by itself. */
const freeze = {
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Freeze',
  metadata: { name: 'fair', namespace: 'apps' },
  spec: { reason: 'Trade fair', environments: ['staging'], until: '2100-01-01T00:00:00Z' },
};

/** Waits until the last promotion into staging is as told. */
const told = (lastPromotion: Readonly<Record<string, unknown>>) =>
  eventually(async () => {
    const { status } = await readPipeline(cluster, shop);
    expect(status?.environments?.['staging']).toMatchObject({ lastPromotion });
  }, 60_000);

describe.each([
  ['a Pipeline', undefined],
  ['an environment', 'staging'],
])('%s that is suspended', (_, environment) => {
  it('holds promotions and says so; resumed, it goes on with the newest', async () => {
    await put(suspended(environment));
    await installation.startWorker();
    await installation.report({ version: '1.1.0', release: 1 });
    await told({ version: '1.1.0', state: 'suspended' });
    await installation.report({ version: '1.2.0', release: 2 });
    await told({ version: '1.2.0', state: 'suspended' });
    expect(openPullRequests(installation)).toEqual([]);

    await put(original());
    await ended(installation, '1.2.0', 'pull-request', { limitMs: 60_000 });
    await told({ version: '1.2.0', state: 'pull-request' });
    expect(openPullRequests(installation)).toHaveLength(1);
    const reasons = (await readEvents(cluster, 'apps')).map(({ reason }) => reason);
    expect(reasons).toEqual(
      expect.arrayContaining(['Suspended', 'Superseded', 'Started', 'PullRequestOpened']),
    );
  });
});

describe('a Pipeline that a person suspends by the API', () => {
  it('holds promotions, says who and how to resume, and continues once it is resumed', async () => {
    const file = join(installation.directory, 'admin-kubeconfig');
    await writeFile(file, cluster.kubeconfig('admin'));
    const desk = createKubernetesFreezeDesk({
      kubeConfig: await loadKubeConfig([file]),
      watchNamespaces: [],
      ownNamespace: 'apps',
      log: pino({ level: 'silent' }),
    });
    const alice: Actor = { name: 'oidc:alice', via: 'oidc' };
    await installation.startWorker();
    const { name } = await desk.freeze(
      {
        namespace: 'apps',
        reason: 'Database',
        key: 'a'.repeat(32),
        suspends: true,
        pipelines: { names: ['shop'] },
        environments: ['staging'],
      },
      alice,
    );
    await installation.report({ version: '1.1.0', release: 1 });
    await told({
      version: '1.1.0',
      state: 'suspended',
      message: expect.stringMatching(
        /Database.*oidc:alice.*windlass resume apps\/shop --environment staging/,
      ),
    });
    expect(openPullRequests(installation)).toEqual([]);
    expect(await desk.suspension(shop, 'staging')).toMatchObject({ name });
    expect(await desk.unfreeze({ namespace: 'apps', name }, alice)).toBe('done');
    await ended(installation, '1.1.0', 'pull-request', { limitMs: 40_000 });
    await desk.close();
  });
});

describe('an environment that is frozen', () => {
  it('holds promotions and says why; once the freeze is deleted, it goes on with the newest', async () => {
    await put(freeze);
    await installation.startWorker();
    await installation.report({ version: '1.1.0', release: 1 });
    await told({ version: '1.1.0', state: 'frozen', message: expect.stringContaining('Trade fair') });
    await installation.report({ version: '1.2.0', release: 2 });
    await told({ version: '1.2.0', state: 'frozen' });
    expect(openPullRequests(installation)).toEqual([]);

    await cluster.request('DELETE', freezesPath('apps', 'fair'));
    await ended(installation, '1.2.0', 'pull-request', { limitMs: 40_000 });
    await told({ version: '1.2.0', state: 'pull-request' });
    const reasons = (await readEvents(cluster, 'apps')).map(({ reason }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['Frozen', 'Superseded', 'PullRequestOpened']));
  });
});

describe("Flux's annotation requestedAt", () => {
  it('retries the last failed promotion, once however many workers there are', async () => {
    await apply(cluster, secretManifest('git', { token: 'expired' }));
    await Promise.all([installation.startWorker(), installation.startWorker()]);
    await installation.report({ version: '1.1.0' });
    await ended(installation, '1.1.0', 'failed', { limitMs: 60_000 });
    await told({ state: 'failed', reason: 'bad-credentials' });

    await apply(cluster, secretManifest('git', { token: installation.token }));
    await annotate({ 'reconcile.fluxcd.io/requestedAt': '2026-11-23T12:00:00Z' });
    await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });
    await told({ state: 'pull-request' });
    expect((await readPipeline(cluster, shop)).status?.lastHandledReconcileAt).toBe('2026-11-23T12:00:00Z');
    const { events } = await installation.client.workflow
      .getHandle(installation.lane('staging'))
      .fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals?.filter((name) => name === retrySignal.name)).toHaveLength(1);
  });
});
