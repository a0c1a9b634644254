/** A promotion and the windows of its environment: over days that the server skips, and step by step. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type WorkflowHandle } from '@temporalio/client';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type WindowsReading } from '../../src/domain/gates/windows';
import { type PromotionTask, type PullRequestOpened } from '../../src/domain/promotion/promotion';
import { readWindows } from '../../src/domain/windows/read-windows';
import { type Window } from '../../src/domain/windows/window';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import { gatesClosed, promoteUpdate, reconsiderSignal } from '../../src/workflows/contract/messages';
import { promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
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
const ready: ReadyPromotion = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 3 },
  reported: true,
};

let environment: WorkflowEnvironment;
let started = 0;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

function nextTask(overrides: Partial<PromotionTask> = {}): { workflowId: string; task: PromotionTask } {
  started += 1;
  return { workflowId: `gate-test-${started}`, task: promotionTask(started, overrides) };
}

const start = (overrides?: Partial<PromotionTask>): Promise<WorkflowHandle> => {
  const { workflowId, task } = nextTask(overrides);
  return environment.client.workflow.start(promotionWorkflow, { taskQueue, workflowId, args: [task] });
};
const shows = (handle: WorkflowHandle, state: string): Promise<unknown> =>
  promotionShows(environment.client, handle.workflowId, state);
const detailsOf = async (handle: WorkflowHandle): Promise<string> => {
  const metadata = await handle.query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
};

/** A window of an hour that begins at this time of day, on every day or on its weekday alone. */
function hourFrom(at: number, everyDay = false): Window {
  const date = new Date(at);
  const weekday = everyDay ? '*' : String(date.getUTCDay());
  const schedule = `${date.getUTCMinutes()} ${date.getUTCHours()} * * ${weekday}`;
  return { kind: 'allow', schedule, durationMs: hour, timeZone: 'UTC' };
}

const fault = (type: string, retryAfterMs?: number): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message: 'It broke.',
    nonRetryable: true,
    details: retryAfterMs === undefined ? [] : [{ retryAfterMs }],
  });

/** The time of the promotion that this activity runs for. */
const promotionTime = (): number => Context.current().info.scheduledTimestampMs;

/** Reads these windows at the promotion's time, and keeps the states reported and the times of attempts. */
function calendar(windows: readonly Window[], resolution: Partial<ReadyPromotion> = {}) {
  const reported: string[] = [];
  const attempts: number[] = [];
  const activities: Partial<Activities> = {
    resolvePromotion: () => {
      const reading = readWindows(windows, promotionTime());
      return Promise.resolve({
        ...ready,
        ...resolution,
        ...(reading === undefined ? {} : { windows: reading }),
      });
    },
    openPullRequest: () => {
      attempts.push(promotionTime());
      return Promise.resolve(opened);
    },
    reportProgress: (_, { state }) => {
      reported.push(state);
      return Promise.resolve();
    },
  };
  return { reported, attempts, activities };
}

it('waits for more than a day and acts once its window is open', async () => {
  const opensAt = Math.ceil((Date.now() + 28 * hour) / hour) * hour;
  const { reported, attempts, activities } = calendar([hourFrom(opensAt)]);
  await environment.withWorker(activities, async () => {
    const { workflowId, task } = nextTask();
    const handle = await startPromotionSkippingTime(environment.client, workflowId, task);
    await expect(handle.result()).resolves.toEqual(opened);
    // The server suggests to continue as new at 4,096 events.
    expect((await handle.describe()).historyLength).toBeLessThan(4_000);
  });
  expect(attempts).toEqual([expect.any(Number)]);
  expect(attempts[0]).toBeGreaterThanOrEqual(opensAt);
  expect(attempts[0]).toBeLessThan(opensAt + hour);
  expect(reported).toEqual(['waiting-for-window', 'started', 'pull-request']);
}, 180_000);

it('holds an attempt outside of its window, and does not count that time as time to try', async () => {
  const window = hourFrom(Date.now(), true);
  const { reported, attempts, activities } = calendar([window], {
    retry: { delayMs: 2 * hour, maxDelayMs: 2 * hour, threshold: 3 },
  });
  const faults = [fault('network'), fault('rate-limited', 10 * 60_000)];
  const failing: Partial<Activities> = {
    ...activities,
    openPullRequest: async (...args) => {
      const result = await activities.openPullRequest!(...args);
      const next = faults.shift();
      if (next !== undefined) throw next;
      return result;
    },
  };
  await environment.withWorker(failing, async () => {
    const { workflowId, task } = nextTask();
    const handle = await startPromotionSkippingTime(environment.client, workflowId, task);
    await expect(handle.result()).resolves.toEqual(opened);
  });
  expect(attempts.map((at) => readWindows([window], at)?.open)).toEqual([true, true, true]);
  expect(attempts[2]! - attempts[0]!).toBeGreaterThan(day);
  expect(reported).toEqual(['started', 'waiting-for-window', 'started', 'pull-request']);
}, 180_000);

/** A promotion whose Pipeline says what the test sets, in real time. */
function scripted(first: Partial<ReadyPromotion>) {
  const told: string[] = [];
  const script = {
    now: first,
    /** Of each attempt. */
    befores: [] as (number | undefined)[],
    faults: [] as ApplicationFailure[],
    told,
  };
  const activities: Partial<Activities> = {
    resolvePromotion: () => Promise.resolve({ ...ready, ...script.now }),
    openPullRequest: (_, before) => {
      script.befores.push(before);
      const fault = script.faults.shift();
      return fault === undefined ? Promise.resolve(opened) : Promise.reject(fault);
    },
    withdrawPullRequest: () => Promise.resolve({}),
    reportProgress: (_, { state, message }) => {
      told.push(`${state}: ${message}`);
      return Promise.resolve();
    },
  };
  return { script, activities };
}

const closed = (opensAt: number): WindowsReading => ({
  open: false,
  opensAt,
  closesAt: opensAt + hour,
  opens: 'Mon 09:00 CET',
});
const farOff = Date.UTC(2100, 0, 4, 8);

it('shows when its window opens, and acts at once where the Pipeline is changed before', async () => {
  const { script, activities } = scripted({ windows: closed(farOff) });
  await environment.withWorker(activities, async () => {
    const handle = await start();
    await shows(handle, 'waiting-for-window');
    expect(await detailsOf(handle)).toContain('window opens Mon 09:00 CET.\n\nThat is 2100-01-04T08:00:00Z.');
    script.now = {};
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});

it('tells of a window that was moved while it waits', async () => {
  const { script, activities } = scripted({ windows: closed(farOff) });
  await environment.withWorker(activities, async () => {
    const handle = await start();
    await shows(handle, 'waiting-for-window');
    script.now = { windows: closed(farOff + day) };
    await handle.signal(reconsiderSignal);
    await eventually(() => script.told.some((line) => line.includes('2100-01-05T08:00:00Z')));
    await handle.terminate();
  });
  expect(script.told).toHaveLength(2);
});

it('shows a missing approval and a closed window together, and goes on when it has both', async () => {
  const { script, activities } = scripted({ manual: true, windows: closed(farOff) });
  let isOpen = true;
  const resolvePromotion: Activities['resolvePromotion'] = () =>
    Promise.resolve({
      ...ready,
      ...script.now,
      ...(isOpen ? { windows: { open: true, closesAt: Date.now() + 2_000 } } : {}),
    });
  await environment.withWorker({ ...activities, resolvePromotion }, async () => {
    const handle = await start();
    await shows(handle, 'waiting-for-approval');
    isOpen = false;
    await eventually(async () => (await detailsOf(handle)).includes('window opens'));
    expect(await detailsOf(handle)).toContain('approval');
    await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
    await handle.signal(reconsiderSignal);
    await shows(handle, 'waiting-for-window');
    script.now = { manual: true, windows: { open: true } };
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
  expect(script.told).toEqual([
    expect.stringMatching(/^waiting-for-approval: staging waits for [^:]*: approval(?!.*window)/),
    expect.stringMatching(/^waiting-for-approval: staging waits for [^:]*: approval, window opens/),
    expect.stringMatching(/^waiting-for-window: staging waits for [^:]*: window opens(?!.*approval)/),
    expect.stringMatching(/^started: /),
    expect.stringMatching(/^pull-request: /),
  ]);
});

it('gives each attempt the end of its window, and does not count one that came too late', async () => {
  const closesAt = Date.now() + day;
  const { script, activities } = scripted({
    windows: { open: true, closesAt },
    retry: { delayMs: 10, maxDelayMs: 10, threshold: 1 },
  });
  script.faults.push(fault(gatesClosed));
  await environment.withWorker(activities, async () => {
    const handle = await start();
    await expect(handle.result()).resolves.toEqual(opened);
  });
  expect(script.befores).toEqual([closesAt, closesAt]);
});

it('does not hold a withdrawal', async () => {
  const { activities } = scripted({ windows: closed(farOff) });
  await environment.withWorker(activities, async () => {
    const handle = await start({ action: 'withdraw' });
    await expect(handle.result()).resolves.toEqual({ state: 'withdrawn' });
  });
});

it('with windows, reads the Pipeline again before each attempt: one that was suspended is held', async () => {
  const { script, activities } = scripted({
    windows: { open: true },
    retry: { delayMs: 1_000, maxDelayMs: 1_000, threshold: 3 },
  });
  script.faults.push(fault('network'));
  await environment.withWorker(activities, async () => {
    const handle = await start();
    await shows(handle, 'retrying');
    script.now = { suspended: true };
    await shows(handle, 'suspended');
    expect(script.befores).toHaveLength(1);
    script.now = {};
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toEqual(opened);
  });
});
