/** What people are told of promotions, and that nothing is told twice. */
import { type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type Notice } from '../../src/domain/notices/notice';
import { type PullRequestState } from '../../src/domain/promotion/pull-request-state';
import { startNotice } from '../../src/temporal/notices';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import {
  approveUpdate,
  environmentSignal,
  overrideUpdate,
  pullRequestSignal,
  reconsiderSignal,
} from '../../src/workflows/contract/messages';
import { noon, promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
import { promotionShows } from '../support/promotion-states';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { type Activities, type WorkflowEnvironment } from '../support/workflow-environment';

const version = '1.1.0';
const url = 'https://git.example/pull/7';
const first = 'a'.repeat(40);
const second = 'b'.repeat(40);

let environment: WorkflowEnvironment;
let started = 0;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

/** A Pipeline with the gates that the test sets, and a channel that people read. */
function scripted(gates: Partial<ReadyPromotion>) {
  const script = { gates, read: [] as Notice[], sendNotice: undefined as undefined | (() => Promise<void>) };
  const activities: Partial<Activities> = {
    resolvePromotion: () =>
      Promise.resolve({
        status: 'ready',
        strategy: 'pull-request',
        application: 'shop',
        retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
        notices: 'needed',
        manual: false,
        ...script.gates,
      }),
    openPullRequest: () =>
      Promise.resolve({
        ...{ state: 'pull-request', url, number: 7, change: 'created', previous: '1.0.0' },
        repository: {
          namespace: 'apps',
          secretName: 'git',
          provider: 'github',
          url: 'https://git.example/a/b',
        },
        head: first,
      } as const),
    followPullRequest: () => Promise.resolve(),
    tellGates: () => Promise.resolve(),
    partFromPullRequest: () => Promise.resolve(),
    sendNotice: async (notice) => {
      await script.sendNotice?.();
      script.read.push(notice);
    },
  };
  const kinds = () => script.read.map(({ kind }) => kind);
  return { script, activities, kinds };
}

async function begun(state: string): Promise<WorkflowHandle> {
  started += 1;
  const workflowId = `notices-${started}`;
  const args = [promotionTask(started, { followed: true })];
  const handle = await environment.client.workflow.start(promotionWorkflow, { taskQueue, workflowId, args });
  await promotionShows(environment.client, workflowId, state);
  return handle;
}
const decide = (handle: WorkflowHandle, state: Partial<PullRequestState>): Promise<void> =>
  handle.signal(pullRequestSignal, { number: 7, state: 'open', ...state });
const approve = (handle: WorkflowHandle, by: string) =>
  handle.executeUpdate(approveUpdate, { args: [{ version, by }] });
const deployed = async (handle: WorkflowHandle): Promise<unknown> => {
  await handle.signal(environmentSignal, { type: 'deployed', at: Date.now() });
  return handle.result();
};
const atMerge = { stage: 'merge', approvals: { required: 2 } } as const;

it('tells approvers once that they are needed, also where another worker continues the promotion', async () => {
  const { activities, kinds, script } = scripted(atMerge);
  let handle: WorkflowHandle | undefined;
  await environment.withWorker(activities, async () => {
    handle = await begun('waiting-for-approval');
    await eventually(() => expect(kinds()).toEqual(['approval-needed']));
    await approve(handle, 'alice');
    await handle.signal(reconsiderSignal);
  });
  // Another worker.
  await environment.withWorker(activities, async () => {
    if (handle === undefined) throw new Error('It has not begun.');
    await handle.signal(reconsiderSignal);
    await approve(handle, 'bob');
    await promotionShows(environment.client, handle.workflowId, 'pull-request');
    await decide(handle, { state: 'merged', head: first });
    await deployed(handle);
  });
  expect(kinds()).toEqual(['approval-needed']);
  expect(script.read[0]?.promotionId).toBe(handle?.workflowId);
  expect(script.read[0]?.fields).toMatchObject({
    approvers: '2 of anyone',
    pullRequest: url,
    previousVersion: '1.0.0',
  });
});

it('tells them again once when a later push takes the approvals away', async () => {
  const { activities, kinds } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await begun('waiting-for-approval');
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await promotionShows(environment.client, handle.workflowId, 'pull-request');
    await decide(handle, { head: second, authors: ['carol'] });
    await promotionShows(environment.client, handle.workflowId, 'waiting-for-approval');
    await eventually(() => expect(kinds()).toEqual(['approval-needed', 'approval-needed']));
    await decide(handle, { head: second, authors: ['carol', 'dave'] });
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await promotionShows(environment.client, handle.workflowId, 'pull-request');
    await decide(handle, { state: 'merged', head: second });
    await deployed(handle);
    expect(kinds()).toHaveLength(2);
  });
});

it('tells of a failure once, with its code', async () => {
  const { script, activities, kinds } = scripted({});
  activities.openPullRequest = () =>
    Promise.reject(ApplicationFailure.nonRetryable('No marker.', 'no-marker'));
  await environment.withWorker(activities, async () => {
    const handle = await begun('failed');
    await expect(handle.result()).rejects.toThrow();
    await eventually(() => expect(kinds()).toEqual(['failed']));
  });
  expect(script.read[0]).toMatchObject({
    message: expect.stringMatching(/^Promotion failed: apps\/shop: .*No marker\./) as unknown,
    fields: { code: 'no-marker' },
  });
});

it('tells of a merge outside gates and of an override', async () => {
  const { activities, kinds } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await begun('waiting-for-approval');
    const override = { version, by: 'carol', reason: 'Incident 7', gates: ['soak'] };
    await handle.executeUpdate(overrideUpdate, { args: [override] });
    await eventually(() => expect(kinds()).toContain('overridden'));
    await decide(handle, { state: 'merged', head: first, by: 'mallory' });
    await eventually(() =>
      expect(kinds()).toEqual(['approval-needed', 'overridden', 'merged-outside-gates']),
    );
    await deployed(handle);
  });
});

it.each<[string, Partial<ReadyPromotion>, string[]]>([
  ['not of routine success', {}, []],
  ['of routine success where the Pipeline asks for it', { notices: 'all' }, ['merged', 'deployed']],
])('tells %s', async (_what, gates, expected) => {
  const { activities, kinds } = scripted(gates);
  await environment.withWorker(activities, async () => {
    const handle = await begun('pull-request');
    await decide(handle, { state: 'merged', head: first });
    await deployed(handle);
    await eventually(() => expect(kinds()).toEqual(expected));
  });
});

it('does not hold up a promotion while the notification-controller is away, and tells it later', async () => {
  const { script, activities, kinds } = scripted(atMerge);
  let away = true;
  script.sendNotice = () =>
    away ? Promise.reject(ApplicationFailure.retryable('Away.', 'notification-failed')) : Promise.resolve();
  await environment.withWorker(activities, async () => {
    const handle = await begun('waiting-for-approval');
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await promotionShows(environment.client, handle.workflowId, 'pull-request');
    await decide(handle, { state: 'merged', head: first });
    await deployed(handle);
    expect(kinds()).toEqual([]);
    away = false;
    await eventually(() => expect(kinds()).toEqual(['approval-needed']));
  });
});

it('tells a fact once that several processes see', async () => {
  const { activities, kinds } = scripted({});
  const notice: Notice = {
    kind: 'freeze-made',
    namespace: 'apps',
    name: 'f',
    message: 'Frozen: f',
    fields: {},
    at: noon,
  };
  await environment.withWorker(activities, async () => {
    await Promise.all([1, 2, 3].map(() => startNotice(environment.client, 'freeze/apps/f', 'made', notice)));
    await eventually(() => expect(kinds()).toEqual(['freeze-made']));
    await startNotice(environment.client, 'freeze/apps/f', 'made', notice);
    expect(kinds()).toHaveLength(1);
  });
});
