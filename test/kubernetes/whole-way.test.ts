import { encodeFluxEvent, type FluxEvent, fluxHeaders, releaseSucceeded } from '../../src/cli/flux-event';
import { laneId } from '../../src/domain/names';
import { eventually } from '../support/eventually';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { type KubeApiServer } from '../support/kube-api-server';
import { apply } from '../support/kube-objects';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { type NotificationController, startNotificationController } from '../support/notification-controller';
import { type Program } from '../support/program';
import { webhookAnswers } from '../support/webhook-log';
import { startCluster } from './cluster';
import { documentedAlerting } from './documented-manifests';

let cluster: KubeApiServer;
let controller: NotificationController;
let installation: Installation;
let api: Program;
let webhook: string;

beforeAll(async () => {
  cluster = await startCluster();
  controller = await startNotificationController(cluster);
  installation = await createInstallation({
    cluster,
    flags: [`--events-addr=${controller.address}`, '--promotion-hook-rate-limit=1000'],
  });
  [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  webhook = (await api.ready).webhook ?? '';
}, 240_000);
afterAll(async () => {
  await installation.close();
  await controller.close();
  await cluster.close();
});

/** The README's Secret, Provider and Alert in the cluster of `dev`, for a pipeline. */
const leafCluster = (pipeline: string): string =>
  documentedAlerting('README.md', {
    'https://windlass.example.com/promotion/apps/my-app/dev': `${webhook}/promotion/apps/${pipeline}/dev`,
    '0a1b2c-the-contents-of-the-file-hmac-key': installation.hmacKey,
    'my-app-dev': 'dev',
    'my-app': pipeline,
  });

/** What helm-controller posts of the HelmRelease that a pipeline is about. */
const helmEvent = (
  pipeline: string,
  version: string,
  number: number,
  fields: Partial<FluxEvent> = {},
): FluxEvent => ({
  ...releaseSucceeded({
    namespace: 'dev',
    name: pipeline,
    uid: `uid-of-${pipeline}`,
    revision: version,
    release: number,
    at: Date.now(),
  }),
  ...fields,
});

/** Waits until Windlass knows a Pipeline as it was applied: it takes a report of the last environment, and ignores it. */
async function known(pipeline: string, hmacKey?: string): Promise<void> {
  const { involvedObject, ...event } = helmEvent(pipeline, '1.0.0', 1);
  const body = encodeFluxEvent({ ...event, involvedObject: { ...involvedObject, namespace: 'prod' } });
  const headers = fluxHeaders(body, hmacKey);
  await eventually(async () => {
    const url = `${webhook}/promotion/apps/${pipeline}/prod`;
    return (await fetch(url, { method: 'POST', headers, body })).status === 202;
  });
}

const ofPipeline = (name: string): Installation => ({
  ...installation,
  lane: (environment) => laneId({ namespace: 'apps', name }, environment),
});

const titles = () => openPullRequests(installation).map(({ title }) => title);

describe('a HelmRelease that Flux reports as the README says', () => {
  beforeAll(async () => {
    await apply(cluster, leafCluster('shop'));
    await controller.settled();
  });

  it('becomes a pull request', async () => {
    await controller.post(helmEvent('shop', '1.1.0', 2));
    await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });
    expect(titles()).toEqual(['Promote apps/shop in staging to 1.1.0']);
    expect(webhookAnswers(api)).toEqual([{ status: 202, outcome: 'accepted' }]);
  });

  it('promotes nothing when the upgrade failed, and does not even arrive when the Alert excludes it', async () => {
    const before = webhookAnswers(api).length;
    const excluded = [
      'Helm upgrade has started',
      "HelmChart 'dev/dev-shop' is not ready: latest generation of object has not been reconciled",
      'Dependencies do not meet ready condition, retrying in 30s',
      "unable to get 'dev/database' dependency: not found",
    ];
    for (const message of excluded) {
      await controller.post(helmEvent('shop', '1.2.0', 3, { reason: 'info', message }));
    }
    await controller.post(
      helmEvent('shop', '1.2.0', 3, {
        severity: 'error',
        reason: 'UpgradeFailed',
        message: 'Helm upgrade failed for release dev/shop with chart shop@1.2.0: context deadline exceeded',
      }),
    );
    await eventually(() => webhookAnswers(api).length > before);
    await controller.post(helmEvent('shop', '1.3.0', 4));
    await ended(installation, '1.3.0', 'pull-request', { limitMs: 60_000 });
    expect(webhookAnswers(api).slice(before)).toEqual([
      { status: 202, outcome: 'not-a-promotion' },
      { status: 202, outcome: 'accepted' },
    ]);
    expect(titles()).toEqual(['Promote apps/shop in staging to 1.3.0']);
  });
});

describe('a Pipeline without a key', () => {
  const file = (version: string) => `version: ${version} # {"$promotion": "apps:open:staging"}\n`;
  const unsigned = (annotations: string) =>
    pipelineManifest({ strategy: { 'pull-request': pullRequest() } }, 'open')
      .replace('name: shop', 'name: open')
      .replace('metadata:\n', `metadata:\n  annotations: ${annotations}\n`);
  const pullRequest = () =>
    (pullRequestPromotion(installation.forge) as { strategy: { 'pull-request': object } }).strategy[
      'pull-request'
    ];

  beforeAll(async () => {
    await installation.forge.commit(repository, 'main', { 'open.yaml': file('1.0.0') }, 'Add open');
    await apply(cluster, unsigned('{}'));
    await apply(cluster, leafCluster('open').replace('type: generic-hmac', 'type: generic'));
    await controller.settled();
  });

  it('takes unsigned events once its annotation allows them, and not before', async () => {
    const before = webhookAnswers(api).length;
    await controller.post(helmEvent('open', '2.0.0', 2));
    await eventually(() =>
      expect(webhookAnswers(api).slice(before)).toEqual([{ status: 401, outcome: 'unauthorized' }]),
    );
    await apply(cluster, unsigned('{ pipelines.weave.works/allow-unsigned: "true" }'));
    await known('open');
    await controller.post(helmEvent('open', '2.1.0', 3));
    await ended(ofPipeline('open'), '2.1.0', 'pull-request', { limitMs: 60_000 });
    expect(await installation.forge.readFile(repository, 'promotion-apps-open-staging', 'open.yaml')).toBe(
      file('2.1.0'),
    );
  });
});

describe('a promotion by notification', () => {
  let receivers: Readonly<Record<'githubdispatch' | 'generic', HttpRecorder>>;

  beforeAll(async () => {
    receivers = { githubdispatch: await startHttpRecorder(), generic: await startHttpRecorder() };
    await apply(
      cluster,
      pipelineManifest({ strategy: { notification: {}, secretRef: { name: 'hmac' } } }, 'ci').replace(
        'name: shop',
        'name: ci',
      ),
    );
    await apply(cluster, leafCluster('ci'));
    const toActions = documentedAlerting('docs/flux.md', {
      'my-app': 'ci',
      'https://github.com': receivers.githubdispatch.url,
    });
    await apply(cluster, toActions);
    await apply(
      cluster,
      toActions
        .replaceAll('ci-to-actions', 'ci-to-anything')
        .replace('githubdispatch', 'generic')
        .replace(receivers.githubdispatch.url, receivers.generic.url),
    );
    await controller.settled();
    await known('ci', installation.hmacKey);
  });
  afterAll(async () => {
    await receivers.githubdispatch.close();
    await receivers.generic.close();
  });

  it('reaches whatever Alerts name, with environment and version', async () => {
    await controller.post(helmEvent('ci', '3.1.0', 2));
    await ended(ofPipeline('ci'), '3.1.0', 'notified', { limitMs: 60_000 });
    const event = {
      involvedObject: { apiVersion: 'pipelines.weave.works/v1alpha1', kind: 'Pipeline', name: 'ci' },
      reason: 'Promote',
      message: 'Promote pipeline apps/ci to staging with version 3.1.0',
      metadata: { environment: 'staging', version: '3.1.0' },
    };
    await eventually(() => {
      expect(receivers.generic.requests).toMatchObject([{ method: 'POST', body: event }]);
      expect(receivers.githubdispatch.requests).toMatchObject([
        {
          path: '/api/v3/repos/example/ci/dispatches',
          body: { event_type: 'Pipeline/ci.apps', client_payload: event },
        },
      ]);
    });
  });
});
