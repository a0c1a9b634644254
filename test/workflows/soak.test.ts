/** A promotion whose version must run in the source environment first: over days that the server skips. */
import { Context } from '@temporalio/activity';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type PullRequestOpened } from '../../src/domain/promotion/promotion';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import { reconsiderSignal } from '../../src/workflows/contract/messages';
import { deployment, promotionTask } from '../support/events';
import { promotionShows } from '../support/promotion-states';
import { startPromotionSkippingTime } from '../support/time-skipping';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { type Activities, type WorkflowEnvironment } from '../support/workflow-environment';

const hour = 3_600_000;
const day = 24 * hour;

const opened: PullRequestOpened = {
  state: 'pull-request',
  url: 'https://git.example/pull/7',
  number: 7,
  change: 'created',
  previous: '1.0.0',
};

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

/** A promotion whose Pipeline says what the test sets. */
function scripted(soakMs: number) {
  const script = { soakMs: soakMs as number | undefined, told: [] as string[], attempts: [] as number[] };
  const resolution = (): ReadyPromotion => ({
    status: 'ready',
    strategy: 'pull-request',
    manual: false,
    application: 'shop',
    retry: { delayMs: 10, maxDelayMs: 40, threshold: 3 },
    reported: true,
    ...(script.soakMs === undefined ? {} : { soakMs: script.soakMs }),
  });
  const activities: Partial<Activities> = {
    resolvePromotion: () => Promise.resolve(resolution()),
    openPullRequest: () => {
      // The time of the promotion that this activity runs for.
      script.attempts.push(Context.current().info.scheduledTimestampMs);
      return Promise.resolve(opened);
    },
    withdrawPullRequest: () => Promise.resolve({}),
    reportProgress: (_, { state }) => {
      script.told.push(state);
      return Promise.resolve();
    },
  };
  return { script, activities };
}

const runningSince = (at: number) => ({ event: deployment({ version: '1.1.0', release: 1, at }) });

it('waits until its version has run for days, counted from the event, and then acts by itself', async () => {
  const at = Date.now() - 2 * day;
  const { script, activities } = scripted(3 * day);
  await environment.withWorker(activities, async () => {
    const task = promotionTask(1, runningSince(at));
    const handle = await startPromotionSkippingTime(environment.client, 'soak-test-days', task);
    await expect(handle.result()).resolves.toEqual(opened);
    // The server suggests to continue as new at 4,096 events.
    expect((await handle.describe()).historyLength).toBeLessThan(4_000);
  });
  expect(script.attempts).toEqual([expect.any(Number)]);
  expect(script.attempts[0]! - at).toBeGreaterThanOrEqual(3 * day);
  expect(script.attempts[0]! - at).toBeLessThan(3 * day + hour);
  expect(script.told).toEqual(['waiting-for-soak', 'started', 'pull-request']);
}, 180_000);

it('acts at once where the soak time is removed', async () => {
  const { script, activities } = scripted(7 * day);
  await environment.withWorker(activities, async () => {
    const workflowId = 'soak-test-removed';
    const args = [promotionTask(2, runningSince(Date.now()))];
    const handle = await environment.client.workflow.start(promotionWorkflow, {
      taskQueue,
      workflowId,
      args,
    });
    await promotionShows(environment.client, workflowId, 'waiting-for-soak');
    script.soakMs = undefined;
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('does not hold a withdrawal', async () => {
  const { activities } = scripted(7 * day);
  await environment.withWorker(activities, async () => {
    const workflowId = 'soak-test-withdrawal';
    const args = [promotionTask(3, { ...runningSince(Date.now()), action: 'withdraw' })];
    const handle = await environment.client.workflow.start(promotionWorkflow, {
      taskQueue,
      workflowId,
      args,
    });
    await expect(handle.result()).resolves.toEqual({ state: 'withdrawn' });
  });
});
