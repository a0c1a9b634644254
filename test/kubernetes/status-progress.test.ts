import { type PromotionProgress, type PromotionTask } from '../../src/domain/promotion/promotion';
import { deployment, noon } from '../support/events';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import { apply, createNamespaces, installPipelineCrd, pipelinesPath } from '../support/kube-objects';
import { grantWorkerRights, readEvents, readPipeline, type Replica, startReplica } from './status-replica';

const pipeline = { namespace: 'apps', name: 'shop' } as const;
const workflowId = 'promotion/apps/shop/staging/1.2.3/abc';

let server: KubeApiServer;
let replica: Replica;
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'apps', 'locked');
  await grantWorkerRights(server, 'apps');
});
afterAll(() => server.close());

beforeEach(async () => {
  await apply(server, shop('apps'));
  replica = await startReplica(server);
});
afterEach(async () => {
  await replica.close();
  await server.request('DELETE', pipelinesPath('apps'));
  await server.request('DELETE', '/apis/events.k8s.io/v1/namespaces/apps/events');
});

const shop = (namespace: string) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: shop, namespace: ${namespace} }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments:
    - { name: dev, targets: [{ namespace: dev }] }
    - { name: staging, targets: [{ namespace: staging }] }
    - { name: prod, targets: [{ namespace: prod }] }
  promotion: { strategy: { notification: {} } }
`;

const into = (to: string, version = '1.2.3'): PromotionTask => ({
  action: 'promote',
  pipeline,
  from: 'dev',
  to,
  version,
  event: deployment({ version, pipeline }),
});

const progress = (
  state: PromotionProgress['state'],
  extra: Partial<PromotionProgress> = {},
): PromotionProgress => ({
  state,
  message: 'As the workflow says.',
  workflowId,
  startedAt: noon,
  at: noon + 1_500,
  ...extra,
});

const report = (task: PromotionTask, told: PromotionProgress, by = replica) =>
  by.reporter.report(task, told, new AbortController().signal);

const environmentOf = async (name: string) =>
  (await readPipeline(server, pipeline)).status?.environments?.[name];

describe("an environment's part of the status", () => {
  it('tells the last promotion into it', async () => {
    await report(into('staging'), progress('started'));
    expect(await environmentOf('staging')).toEqual({
      lastPromotion: {
        version: '1.2.3',
        state: 'started',
        message: 'As the workflow says.',
        workflowId,
        startedAt: '2026-11-23T12:00:00Z',
      },
    });
    const url = 'https://git.example.com/pulls/1';
    await report(into('staging'), progress('pull-request', { url, times: { proposedAt: noon } }));
    expect(await environmentOf('staging')).toMatchObject({
      lastPromotion: {
        state: 'pull-request',
        pullRequestUrl: url,
        proposedAt: '2026-11-23T12:00:00Z',
      },
    });
    expect(await environmentOf('staging')).not.toHaveProperty('lastPromotion.finishedAt');
    const times = { proposedAt: noon, mergedAt: noon + 1_000, deployedAt: noon + 1_500 };
    await report(into('staging'), progress('deployed', { url, times, ended: true }));
    expect(await environmentOf('staging')).toMatchObject({
      lastPromotion: {
        state: 'deployed',
        mergedAt: '2026-11-23T12:00:01Z',
        deployedAt: '2026-11-23T12:00:01Z',
        finishedAt: '2026-11-23T12:00:01Z',
      },
    });
  });

  it('tells the code and the sentence of a failure', async () => {
    const message = 'No marker for staging in any manifest. Add the marker comment.';
    await report(into('staging'), progress('failed', { message, code: 'no-marker' }));
    expect(await environmentOf('staging')).toMatchObject({
      lastPromotion: {
        state: 'failed',
        reason: 'no-marker',
        message,
      },
    });
  });

  it('names the version that waits for approval for as long as it waits', async () => {
    await report(into('staging'), progress('waiting-for-approval'));
    expect(await environmentOf('staging')).toMatchObject({ waitingApproval: { revision: '1.2.3' } });
    await report(into('staging'), progress('started'));
    expect(await environmentOf('staging')).not.toHaveProperty('waitingApproval');
  });

  it('takes back a wait for approval that pipeline-controller left', async () => {
    const left = { status: { environments: { staging: { waitingApproval: { revision: '1.0.0' } } } } };
    const path = `${pipelinesPath('apps', 'shop')}/status`;
    await server.request('PATCH', path, left, 'application/merge-patch+json');
    await report(into('staging'), progress('started'));
    expect(await environmentOf('staging')).not.toHaveProperty('waitingApproval');
    await report(into('staging'), progress('unchanged'));
    expect(await environmentOf('staging')).toMatchObject({ lastPromotion: { state: 'unchanged' } });
  });

  it('keeps a later promotion when one that made way ends after it has begun', async () => {
    await report(
      into('staging', '1.2.4'),
      progress('started', { workflowId: 'newer', startedAt: noon + 60_000 }),
    );
    await report(into('staging'), progress('superseded'));
    expect(await environmentOf('staging')).toMatchObject({ lastPromotion: { version: '1.2.4' } });
  });

  describe('whose last promotion has ended', () => {
    const { startedAt, ...wentBack } = progress('rolled-back', { message: 'staging went back to 1.2.2.' });
    const reportLaterEnd = () =>
      replica.reporter.reportLaterEnd(into('staging'), wentBack, new AbortController().signal);

    it('shows that the environment went back since then', async () => {
      await report(into('staging'), progress('deployed', { ended: true }));
      await reportLaterEnd();
      expect(await environmentOf('staging')).toMatchObject({
        lastPromotion: { state: 'rolled-back', message: wentBack.message, startedAt: '2026-11-23T12:00:00Z' },
      });
      expect((await readEvents(server, 'apps')).map(({ reason }) => reason)).toContain('RolledBack');
    });

    it('keeps the next promotion, and the Event says that it went back', async () => {
      await report(into('staging', '1.2.4'), progress('pull-request', { workflowId: 'next' }));
      await reportLaterEnd();
      expect(await environmentOf('staging')).toMatchObject({ lastPromotion: { version: '1.2.4' } });
      expect((await readEvents(server, 'apps')).map(({ reason }) => reason)).toContain('RolledBack');
    });
  });

  it('is written by two replicas at once, each environment on its own', async () => {
    const other = await startReplica(server);
    try {
      const tasks = ['staging', 'prod'].map((to) => into(to));
      await Promise.all(
        [replica, other].flatMap((by) =>
          tasks.flatMap((task) =>
            (['started', 'waiting-for-approval'] as const).map((state) => report(task, progress(state), by)),
          ),
        ),
      );
      await Promise.all([
        report(tasks[0]!, progress('unchanged'), replica),
        report(tasks[1]!, progress('waiting-for-approval'), other),
      ]);
      const { status } = await readPipeline(server, pipeline);
      expect(status?.environments).toMatchObject({
        staging: { lastPromotion: { state: 'unchanged' } },
        prod: { waitingApproval: { revision: '1.2.3' }, lastPromotion: { state: 'waiting-for-approval' } },
      });
      expect(status?.environments?.['staging']).not.toHaveProperty('waitingApproval');
    } finally {
      await other.close();
    }
  });

  it('has names that are long, foreign or known to every object', async () => {
    for (const to of ['e'.repeat(253), 'Prüfung\u00a0日本', 'constructor', '__proto__']) {
      await report(into(to), progress('started'));
      expect(Object.keys((await readPipeline(server, pipeline)).status?.environments ?? {})).toContain(to);
    }
  });

  it('is not written again when the same progress is reported again', async () => {
    await report(into('staging'), progress('started'));
    const { metadata } = await readPipeline(server, pipeline);
    await report(into('staging'), progress('started'));
    expect((await readPipeline(server, pipeline)).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });
});

describe('an Event on the Pipeline', () => {
  it('tells what happened, in which environment, to which version', async () => {
    await report(into('staging'), progress('pull-request', { url: 'https://git.example.com/pulls/1' }));
    const { metadata } = await readPipeline(server, pipeline);
    expect(await readEvents(server, 'apps')).toEqual([
      expect.objectContaining({
        type: 'Normal',
        reason: 'PullRequestOpened',
        note: 'As the workflow says.',
        eventTime: '2026-11-23T12:00:01.500000Z',
        regarding: expect.objectContaining({ kind: 'Pipeline', name: 'shop', uid: metadata.uid }),
        reportingController: 'windlass',
        reportingInstance: 'replica',
        metadata: expect.objectContaining({
          annotations: {
            'pipelines.weave.works/environment': 'staging',
            'pipelines.weave.works/version': '1.2.3',
          },
        }),
      }),
    ]);
  });

  it('is the one of pipeline-controller for a promotion by notification', async () => {
    await report(into('staging'), progress('notified'));
    expect(await readEvents(server, 'apps')).toEqual([
      expect.objectContaining({
        reason: 'Promote',
        note: 'Promote pipeline apps/shop to staging with version 1.2.3',
      }),
    ]);
  });

  it('warns of a failure, with its sentence, as far as it fits', async () => {
    await report(into('staging'), progress('failed', { message: 'ß'.repeat(2_000), code: 'unknown' }));
    const [event] = await readEvents(server, 'apps');
    expect(event).toMatchObject({ type: 'Warning', reason: 'Failed' });
    expect(Buffer.byteLength(event!.note)).toBeLessThanOrEqual(1_024);
  });

  it('counts repetitions in its series, and a report that is repeated only once', async () => {
    const failed = (at: number) => report(into('staging'), progress('failed', { message: 'No.', at }));
    await failed(noon);
    await failed(noon);
    expect((await readEvents(server, 'apps'))[0]).not.toHaveProperty('series');
    await failed(noon + 60_000);
    await failed(noon + 60_000);
    await failed(noon + 120_000);
    expect(await readEvents(server, 'apps')).toEqual([
      expect.objectContaining({ series: { count: 3, lastObservedTime: '2026-11-23T12:02:00.000000Z' } }),
    ]);
  });

  it('is not about another Pipeline of the same name', async () => {
    await report(into('staging'), progress('started'));
    await server.request('DELETE', pipelinesPath('apps', 'shop'));
    await apply(server, shop('apps'));
    await report(into('staging'), progress('started', { at: noon + 60_000 }));
    const uids = (await readEvents(server, 'apps')).map(({ regarding }) => regarding.uid);
    expect(new Set(uids).size).toBe(2);
  });
});

describe('a report that nobody can take', () => {
  it('is dropped when the Pipeline is gone', async () => {
    await server.request('DELETE', pipelinesPath('apps', 'shop'));
    await report(into('staging'), progress('unchanged'));
    expect(await readEvents(server, 'apps')).toEqual([]);
  });

  it('does not fail a promotion for want of a right', async () => {
    await apply(server, shop('locked'));
    const task = { ...into('staging'), pipeline: { namespace: 'locked', name: 'shop' } };
    await expect(report(task, progress('started'))).resolves.toBeUndefined();
  });
});
