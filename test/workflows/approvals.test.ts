/** A promotion that waits for the approvals of several people, and what ends that. */
import { type WorkflowHandle } from '@temporalio/client';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type OverrideInput } from '../../src/domain/approvals/override';
import { type GivenApproval } from '../../src/domain/approvals/quorum';
import { type GatePolicies } from '../../src/domain/gates/registry';
import { type PromotionTask, type PullRequestOpened } from '../../src/domain/promotion/promotion';
import { type PromotionNews } from '../../src/domain/promotion/promotion-news';
import { type AuditRecord } from '../../src/domain/record/audit-record';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import {
  type Approval,
  approveUpdate,
  laneStateQuery,
  overrideUpdate,
  promoteUpdate,
  reconsiderSignal,
  rejectUpdate,
  supersedeSignal,
  yieldSignal,
} from '../../src/workflows/contract/messages';
import { keyNumber } from '../support/acting-lane';
import { deployment, noon, promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
import { createGate } from '../support/gate';
import { laneIsIdle, promotionShows } from '../support/promotion-states';
import { startPromotionSkippingTime } from '../support/time-skipping';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { type Activities, stagingLane, type WorkflowEnvironment } from '../support/workflow-environment';

const day = 24 * 3_600_000;
const opened: PullRequestOpened = {
  state: 'pull-request',
  url: 'https://git.example/pull/7',
  number: 7,
  change: 'created',
  previous: '1.0.0',
};
const version = '1.1.0';

let environment: WorkflowEnvironment;
let started = 0;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

/** A promotion whose Pipeline has the gates that the test sets. */
function scripted(gates: GatePolicies) {
  const script = { gates, told: [] as string[] };
  const resolution = (): ReadyPromotion => ({
    status: 'ready',
    strategy: 'pull-request',
    application: 'shop',
    retry: { delayMs: 10, maxDelayMs: 40, threshold: 3 },
    reported: true,
    ...script.gates,
  });
  const activities: Partial<Activities> = {
    resolvePromotion: () => Promise.resolve(resolution()),
    openPullRequest: () => Promise.resolve(opened),
    reportProgress: (_, { state, message }) => {
      script.told.push(`${state}: ${message}`);
      return Promise.resolve();
    },
  };
  return { script, activities };
}
const two: GatePolicies = { manual: false, approvals: { required: 2 } };

async function held(
  overrides: Partial<PromotionTask> = {},
  state = 'waiting-for-approval',
): Promise<WorkflowHandle> {
  started += 1;
  const workflowId = `approvals-test-${started}`;
  const args = [promotionTask(started, overrides)];
  const handle = await environment.client.workflow.start(promotionWorkflow, { taskQueue, workflowId, args });
  await promotionShows(environment.client, workflowId, state);
  return handle;
}
const approve = (handle: WorkflowHandle, by: string, more: Record<string, unknown> = {}) =>
  handle.executeUpdate(approveUpdate, { args: [{ version, by, ...more }] });
const reject = (handle: WorkflowHandle, by: string, more: Record<string, unknown> = {}) =>
  handle.executeUpdate(rejectUpdate, { args: [{ version, by, ...more }] });
const promote = (handle: WorkflowHandle) => handle.executeUpdate(promoteUpdate, { args: [{ version }] });
const refused = (message: string) => ({ cause: { message } });

it('continues once two different people have approved, and shows each approval', async () => {
  const { script, activities } = scripted(two);
  await environment.withWorker(activities, async () => {
    const handle = await held();
    const first = { said: '1 of 2 approvals: alice.', approvedBy: ['alice'], missing: 1 };
    await expect(approve(handle, 'alice')).resolves.toEqual(first);
    await expect(approve(handle, ' alice ')).resolves.toEqual(first);
    await eventually(() => script.told.length === 2);
    await expect(approve(handle, 'bob', { comment: 'Fine.' })).resolves.toEqual({
      said: '2 of 2 approvals: alice, bob.',
      approvedBy: ['alice', 'bob'],
      missing: 0,
    });
    await expect(handle.result()).resolves.toEqual(opened);
  });
  expect(script.told).toEqual([
    expect.stringMatching(/^waiting-for-approval: .* 0 of 2 approvals\. /),
    expect.stringMatching(/^waiting-for-approval: .* 1 of 2 approvals\. Approved by alice\. /),
    expect.stringMatching(/^started: /),
    expect.stringMatching(/^pull-request: /),
  ]);
});

it('refuses another version, an unknown person and no person, and says why', async () => {
  const { activities } = scripted({ manual: false, approvals: { required: 1, groups: ['ops'] } });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await expect(approve(handle, 'alice', { version: '1.0.9', groups: ['ops'] })).rejects.toMatchObject(
      refused('This promotion waits for approvals of 1.1.0, not of 1.0.9.'),
    );
    const unnamed = 'alice is not in one of the groups in gates.approvals of the Pipeline.';
    await expect(approve(handle, 'alice')).rejects.toMatchObject(refused(unnamed));
    await expect(reject(handle, 'alice')).rejects.toMatchObject(refused(unnamed));
    await expect(approve(handle, ' ', { groups: ['ops'] })).rejects.toMatchObject(
      refused('"by" must name the person, in 1 to 253 visible characters.'),
    );
    await expect(promote(handle)).rejects.toMatchObject(
      refused('This promotion waits for approvals of people: use windlass approve apps/shop staging 1.1.0.'),
    );
    await approve(handle, 'alice', { groups: ['ops'] });
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('with `manual: true` alone, anyone can reject it while it waits', async () => {
  const { activities } = scripted({ manual: true });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await expect(reject(handle, 'bob', { version: '1.0.9' })).rejects.toMatchObject(
      refused('This promotion waits for approvals of 1.1.0, not of 1.0.9.'),
    );
    await expect(approve(handle, 'bob')).rejects.toMatchObject(
      refused('This promotion does not wait for approvals.'),
    );
    await reject(handle, 'bob', { comment: 'No.' });
    await expect(handle.result()).resolves.toEqual({ state: 'rejected', by: 'bob', comment: 'No.' });
  });
});

it('with `manual: true` as well, only those reject it whom the approvals name', async () => {
  const { activities } = scripted({ manual: true, approvals: { required: 1, users: ['alice'] } });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await expect(reject(handle, 'bob')).rejects.toMatchObject(
      refused('bob is not one of the users in gates.approvals of the Pipeline.'),
    );
    await reject(handle, 'alice');
    await expect(handle.result()).resolves.toEqual({ state: 'rejected', by: 'alice' });
  });
});

it('ends with the reason of the person who rejects it', async () => {
  const { script, activities } = scripted(two);
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await approve(handle, 'alice');
    await expect(reject(handle, 'bob', { comment: 'Not\nbefore the fair.' })).resolves.toBe(
      '1.1.0 is not promoted into staging: it is held there until someone promotes it.',
    );
    await expect(handle.result()).resolves.toEqual({
      state: 'rejected',
      by: 'bob',
      comment: 'Not before the fair.',
    });
  });
  expect(script.told.at(-1)).toMatch(/^rejected: bob rejected 1\.1\.0 for staging: Not before the fair\. /);
});

it('needs both its manual approval and its approvals', async () => {
  const { script, activities } = scripted({ ...two, manual: true });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await eventually(() => script.told.length > 1 && !script.told.at(-1)!.includes('of 2 approvals'));
    await promote(handle);
    await expect(handle.result()).resolves.toEqual(opened);
  });
  expect(script.told[0]).toMatch(/staging waits for .*: approval, 0 of 2 approvals/);
});

it('refuses decisions where the Pipeline asks for none', async () => {
  const { script, activities } = scripted({ manual: false, suspended: true });
  await environment.withWorker(activities, async () => {
    const handle = await held({}, 'suspended');
    const none = refused('This promotion does not wait for approvals.');
    await expect(approve(handle, 'alice')).rejects.toMatchObject(none);
    await expect(reject(handle, 'alice')).rejects.toMatchObject(none);
    script.gates = { manual: false };
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('can be rejected where it waits for its manual approval only', async () => {
  const { activities } = scripted({ manual: true });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await expect(reject(handle, 'alice', { version: '1.0.9' })).rejects.toMatchObject(
      refused('This promotion waits for approvals of 1.1.0, not of 1.0.9.'),
    );
    await reject(handle, 'alice', { comment: 'Not now.' });
    await expect(handle.result()).resolves.toEqual({ state: 'rejected', by: 'alice', comment: 'Not now.' });
  });
});

it('follows an edit of the Pipeline: who counts, and how many', async () => {
  const { script, activities } = scripted(two);
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await approve(handle, 'alice');
    script.gates = { manual: false, approvals: { required: 1, users: ['bob'] } };
    await handle.signal(reconsiderSignal);
    await eventually(() => script.told.some((line) => line.includes('0 of 1 approval.')));
    script.gates = { manual: false, approvals: { required: 1 } };
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('keeps its approvals when it starts again', async () => {
  const { activities } = scripted(two);
  const given: GivenApproval = { by: 'alice', at: expect.any(Number) as number };
  await environment.withWorker(activities, async () => {
    const handle = await held();
    await approve(handle, 'alice');
    await handle.signal(yieldSignal);
    await expect(handle.result()).resolves.toEqual({ state: 'yielded', approved: false, approvals: [given] });
    const again = await held({ approvals: [{ by: 'alice', at: noon }] });
    await approve(again, 'bob');
    await expect(again.result()).resolves.toEqual(opened);
  });
});

it('gives way to a newer version, which begins with none; its lane shows who rejected that', async () => {
  const { activities } = scripted(two);
  const upgrade = (release: number) =>
    deployment({ version: `1.${release}.0`, release, at: noon + release * 1000 });
  const promotionOf = (release: number) =>
    environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(release)));
  const shown = (release: number) =>
    promotionShows(environment.client, environment.promotionIdOf(upgrade(release)), 'waiting-for-approval');
  await environment.withWorker(activities, async () => {
    await environment.report(upgrade(1));
    await shown(1);
    await approve(promotionOf(1), 'alice');
    await environment.report(upgrade(2));
    await shown(2);
    await expect(promotionOf(1).result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
    await expect(approve(promotionOf(2), 'bob', { version: '1.2.0' })).resolves.toMatchObject({
      approvedBy: ['bob'],
      missing: 1,
    });
    await reject(promotionOf(2), 'carol', { version: '1.2.0', comment: 'No.' });
    await laneIsIdle(environment.client, stagingLane, 2);
    const { outcomes, lastFailed } = await environment.client.workflow
      .getHandle(stagingLane)
      .query(laneStateQuery);
    expect(outcomes[0]).toMatchObject({
      version: '1.2.0',
      state: 'rejected',
      detail: 'carol',
      comment: 'No.',
    });
    expect(lastFailed).toBeUndefined();
  });
});

it('lets an approval expire while it waits for the next one', async () => {
  const { script, activities } = scripted({
    manual: false,
    approvals: { required: 2, expiresAfterMs: 3 * day },
  });
  await environment.withWorker(activities, async () => {
    started += 1;
    // Approved before it had to start again, so that no one needs to meet its clock.
    const task = promotionTask(started, { approvals: [{ by: 'alice', at: Date.now() - day }] });
    const handle = await startPromotionSkippingTime(environment.client, `approvals-test-${started}`, task);
    await eventually(() => script.told.length === 2);
    await expect(approve(handle, 'bob')).resolves.toMatchObject({ approvedBy: ['bob'], missing: 1 });
    await handle.signal(supersedeSignal, '1.2.0');
    await handle.result();
  });
  expect(script.told.slice(0, 2)).toEqual([
    expect.stringMatching(/ 1 of 2 approvals\. Approved by alice \(until /),
    expect.stringMatching(/ 0 of 2 approvals\. /),
  ]);
});

const recordsToldBy = async (handle: WorkflowHandle): Promise<readonly AuditRecord[]> =>
  (await toldBy(handle)).flatMap((news) => (news.stage === 'decided' ? news.records : []));
const toldBy = async (handle: WorkflowHandle): Promise<readonly PromotionNews[]> => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ signalExternalWorkflowExecutionInitiatedEventAttributes: sent }) => {
    const news = sent?.input?.payloads?.[1]?.data;
    return news ? [JSON.parse(Buffer.from(news).toString()) as PromotionNews] : [];
  });
};

it('tells its lane who decided, with groups, from where, why and under which key', async () => {
  const origin = { via: 'oidc', from: '192.0.2.7', key: keyNumber(7) };
  const groups = ['dev', 'ops'];
  const { activities } = scripted({ manual: true, approvals: { required: 2, groups: ['ops'] } });
  await environment.withWorker(activities, async () => {
    const handle = await held({ followed: true });
    await handle.executeUpdate(overrideUpdate, {
      args: [
        { version, gates: ['windows'], by: 'eve', reason: 'hotfix', groups, ...origin } as OverrideInput,
      ],
    });
    await handle.executeUpdate(promoteUpdate, {
      args: [{ version, by: 'alice', comment: 'tested', groups, ...origin } as Approval],
    });
    await approve(handle, 'bob', { groups, ...origin });
    await reject(handle, 'carol', { groups, comment: 'No.', ...origin });
    await handle.result();
    const at = expect.any(Number) as number;
    expect(await recordsToldBy(handle)).toEqual([
      { kind: 'gates-overridden', at, version, by: 'eve', groups, detail: 'windows: hotfix', ...origin },
      { kind: 'approved', at, version, by: 'alice', groups, detail: 'tested', ...origin },
      { kind: 'approved', at, version, by: 'bob', groups: ['ops', 'dev'], ...origin },
      { kind: 'rejected', at, version, by: 'carol', groups, detail: 'No.', ...origin },
    ]);
  });
});

it('refuses a manual approval with what the API does not send', async () => {
  const { activities } = scripted({ manual: true });
  await environment.withWorker(activities, async () => {
    const handle = await held();
    for (const more of [{ from: 'a b' }, { key: 'x' }, { groups: [7] }, { comment: 'x'.repeat(1_001) }]) {
      const args: [Approval] = [{ version, by: 'alice', ...more } as Approval];
      await expect(handle.executeUpdate(promoteUpdate, { args })).rejects.toThrow();
    }
    await promote(handle);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('tells its lane what was decided, also just before it ends', async () => {
  const { activities } = scripted({ manual: false, approvals: { required: 3 } });
  await environment.withWorker(activities, async () => {
    const handle = await held({ followed: true });
    await Promise.all([approve(handle, 'alice'), approve(handle, 'bob', { comment: 'Fine.' })]);
    await reject(handle, 'carol', { comment: 'No.' });
    await expect(handle.result()).resolves.toMatchObject({ state: 'rejected', by: 'carol' });
    const told = await toldBy(handle);
    const records = await recordsToldBy(handle);
    expect(records.map(({ kind, by, detail }) => [kind, by, detail])).toEqual(
      expect.arrayContaining([
        ['approved', 'alice', undefined],
        ['approved', 'bob', 'Fine.'],
        ['rejected', 'carol', 'No.'],
      ]),
    );
    expect(records).toHaveLength(3);
    expect(told).toContainEqual(
      expect.objectContaining({
        stage: 'waits',
        state: 'waiting-for-approval',
        approval: {},
      }),
    );
  });
});

it('tells its lane whose approval would add nothing', async () => {
  const { activities } = scripted({ manual: false, approvals: { required: 2 } });
  await environment.withWorker(activities, async () => {
    const handle = await held({ followed: true });
    await approve(handle, 'alice');
    await eventually(async () => {
      expect(await toldBy(handle)).toContainEqual(
        expect.objectContaining({ stage: 'waits', approval: { excluded: ['alice'] } }),
      );
    });
    await reject(handle, 'carol', { comment: 'No.' });
    await handle.result();
  });
});

it('tells its lane what was decided, also if it is cancelled while it acts', async () => {
  const { activities } = scripted({ manual: true });
  const acting = createGate();
  const blocked = { ...activities, openPullRequest: () => acting.opened.then(() => opened) };
  await environment.withWorker(blocked, async () => {
    const handle = await held({ followed: true });
    await promote(handle);
    await promotionShows(environment.client, handle.workflowId, 'promoting');
    const override = { version, gates: ['freeze'], by: 'dave', reason: 'It burns.' };
    await handle.executeUpdate(overrideUpdate, { args: [override] });
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    acting.open();
    const records = await recordsToldBy(handle);
    expect(records.map(({ kind, by }) => [kind, by])).toEqual([
      ['approved', undefined],
      ['gates-overridden', 'dave'],
    ]);
  });
});

it('counts only what the API vouches for, where workers have a key', async () => {
  const { activities } = scripted({ ...two, vouched: true });
  await environment.withWorker(activities, async () => {
    const handle = await held({ approvals: [{ by: 'dave', at: noon }] });
    const vouched = { via: 'oidc', capability: 'wl1.a.e30.x' };
    await expect(approve(handle, 'alice')).rejects.toMatchObject(
      refused(
        'Nothing vouches for who sends this: Temporal does not know people. Use windlass approve apps/shop staging 1.1.0, or the API.',
      ),
    );
    await expect(approve(handle, 'alice', vouched)).resolves.toMatchObject({
      approvedBy: ['alice'],
      missing: 1,
    });
    await expect(approve(handle, 'bob', { ...vouched, via: 'kubernetes' })).resolves.toMatchObject({
      said: expect.stringContaining('bob, through another authenticator') as string,
      missing: 1,
    });
    await approve(handle, 'carol', vouched);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});
