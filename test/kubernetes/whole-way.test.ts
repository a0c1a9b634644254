import { encodeFluxEvent, fluxHeaders } from '../../src/flux/encode-event';
import { eventually } from '../support/eventually';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder';
import { createInstallation, type Installation } from '../support/installation';
import { type KubeApiServer } from '../support/kube-api-server';
import { apply, pipelinesPath } from '../support/kube-objects';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { type NotificationController, startNotificationController } from '../support/notification-controller';
import { type Program } from '../support/program';
import { webhookAnswers } from '../support/webhook-log';
import { startCluster } from './cluster';
import { documentedAlerting } from './documented-manifests';
import {
  helmEvent,
  lanesOf,
  leafCluster,
  pipelineFor,
  promotedFile,
  pullRequestPipeline,
  stagingFile,
} from './reported-releases';

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

/** Waits until Windlass knows a Pipeline as it was applied: it takes a report of the last environment, and ignores it. */
async function known(pipeline: string, hmacKey?: string): Promise<void> {
  const { involvedObject, ...event } = helmEvent(pipeline, { version: '1.0.0', release: 1 });
  const body = encodeFluxEvent({ ...event, involvedObject: { ...involvedObject, namespace: 'prod' } });
  const headers = fluxHeaders(body, hmacKey);
  await eventually(async () => {
    const url = `${webhook}/promotion/apps/${pipeline}/prod`;
    return (await fetch(url, { method: 'POST', headers, body })).status === 202;
  });
}

const titles = (pipeline: string) =>
  openPullRequests(installation)
    .map(({ title }) => title)
    .filter((title) => title.includes(`apps/${pipeline} `));

describe('a HelmRelease that Flux reports as the README says', () => {
  beforeAll(async () => {
    for (const name of ['promoted', 'shown', 'filtered']) {
      await apply(cluster, await pullRequestPipeline(installation, name));
      await apply(cluster, leafCluster(installation, webhook, name));
      await known(name, installation.hmacKey);
    }
    await controller.settled();
  });

  it('becomes a pull request', async () => {
    const before = webhookAnswers(api).length;
    await controller.post(helmEvent('promoted', { version: '1.1.0', release: 2 }));
    await ended(lanesOf(installation, 'promoted'), '1.1.0', 'pull-request', { limitMs: 60_000 });
    expect(titles('promoted')).toEqual(['Promote apps/promoted in staging to 1.1.0']);
    expect(await promotedFile(installation, 'promoted')).toBe(stagingFile('promoted', '1.1.0'));
    expect(webhookAnswers(api).slice(before)).toEqual([{ status: 202, outcome: 'accepted' }]);
  });

  it('shows in the status of the Pipeline, and as Events on it', async () => {
    await controller.post(helmEvent('shown', { version: '1.1.0', release: 2 }));
    const { outcomes } = await ended(lanesOf(installation, 'shown'), '1.1.0', 'pull-request', {
      limitMs: 60_000,
    });
    const pullRequestUrl = outcomes[0]?.detail;
    expect(pullRequestUrl).toContain(installation.forge.url);
    await eventually(async () => {
      expect((await cluster.request('GET', pipelinesPath('apps', 'shown'))).body).toMatchObject({
        metadata: { generation: 1 },
        status: {
          observedGeneration: 1,
          conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }],
          environments: {
            staging: { lastPromotion: { version: '1.1.0', state: 'pull-request', pullRequestUrl } },
          },
        },
      });
    });
    expect(await eventsOn('shown')).toEqual([
      [
        'Normal',
        'PullRequestOpened',
        `Pull request ${pullRequestUrl} brings staging from 1.0.0 to 1.1.0. Merge it to deploy, or close it to keep staging as it is.`,
      ],
      ['Normal', 'Started', 'Promoting 1.1.0 from dev into staging.'],
    ]);
  });

  it('promotes nothing when the upgrade failed, and does not even arrive when the Alert excludes it', async () => {
    const before = webhookAnswers(api).length;
    const excluded = [
      'Helm upgrade has started',
      "HelmChart 'dev/dev-filtered' is not ready: latest generation of object has not been reconciled",
      'Dependencies do not meet ready condition, retrying in 30s',
      "unable to get 'dev/database' dependency: not found",
    ];
    const failed = { version: '1.2.0', release: 2 };
    for (const message of excluded) {
      await controller.post(helmEvent('filtered', failed, { reason: 'info', message }));
    }
    await controller.post(
      helmEvent('filtered', failed, {
        severity: 'error',
        reason: 'UpgradeFailed',
        message: 'Helm upgrade failed for release dev/filtered with chart filtered@1.2.0: timed out',
      }),
    );
    await eventually(() => webhookAnswers(api).length > before);
    await controller.post(helmEvent('filtered', { version: '1.3.0', release: 3 }));
    await ended(lanesOf(installation, 'filtered'), '1.3.0', 'pull-request', { limitMs: 60_000 });
    expect(webhookAnswers(api).slice(before)).toEqual([
      { status: 202, outcome: 'not-a-promotion' },
      { status: 202, outcome: 'accepted' },
    ]);
    expect(titles('filtered')).toEqual(['Promote apps/filtered in staging to 1.3.0']);
  });
});

/** As `kubectl get events` reads them: type, reason and message. */
async function eventsOn(pipeline: string): Promise<string[][]> {
  const about = `fieldSelector=involvedObject.kind=Pipeline,involvedObject.name=${pipeline}`;
  const { body } = await cluster.request('GET', `/api/v1/namespaces/apps/events?${about}`);
  const { items } = body as {
    items: Readonly<Record<'type' | 'reason' | 'message', string>>[];
  };
  return items.map(({ type, reason, message }) => [type, reason, message]).sort();
}

describe('a Pipeline without a key', () => {
  const withAnnotations = (manifest: string, annotations: string) =>
    manifest
      .replace(/^ +secretRef:\n +name: hmac\n/m, '')
      .replace('metadata:\n', `metadata:\n  annotations: ${annotations}\n`);
  let manifest: string;

  beforeAll(async () => {
    manifest = await pullRequestPipeline(installation, 'open');
    await apply(cluster, withAnnotations(manifest, '{}'));
    await apply(
      cluster,
      leafCluster(installation, webhook, 'open').replace('type: generic-hmac', 'type: generic'),
    );
    await controller.settled();
  });

  it('takes unsigned events once its annotation allows them, and not before', async () => {
    const before = webhookAnswers(api).length;
    await controller.post(helmEvent('open', { version: '2.0.0', release: 2 }));
    await eventually(() =>
      expect(webhookAnswers(api).slice(before)).toEqual([{ status: 401, outcome: 'unauthorized' }]),
    );
    await apply(cluster, withAnnotations(manifest, '{ pipelines.weave.works/allow-unsigned: "true" }'));
    await known('open');
    await controller.post(helmEvent('open', { version: '2.1.0', release: 3 }));
    await ended(lanesOf(installation, 'open'), '2.1.0', 'pull-request', { limitMs: 60_000 });
    expect(await promotedFile(installation, 'open')).toBe(stagingFile('open', '2.1.0'));
  });
});

describe('a promotion by notification', () => {
  let receivers: Readonly<Record<'githubdispatch' | 'generic', HttpRecorder>>;

  beforeAll(async () => {
    receivers = { githubdispatch: await startHttpRecorder(), generic: await startHttpRecorder() };
    await apply(cluster, pipelineFor('ci', { strategy: { notification: {}, secretRef: { name: 'hmac' } } }));
    await apply(cluster, leafCluster(installation, webhook, 'ci'));
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
    await controller.post(helmEvent('ci', { version: '3.1.0', release: 2 }));
    await ended(lanesOf(installation, 'ci'), '3.1.0', 'notified', { limitMs: 60_000 });
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
