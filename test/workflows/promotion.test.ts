import { ApplicationFailure } from '@temporalio/activity';
import { type WorkflowHandle, WorkflowFailedError } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import { WindlassError, type FailureCode } from '../../src/domain/errors';
import { type PromotionTask, type PullRequestOpened } from '../../src/domain/promotion/promotion';
import {
  promoteUpdate,
  reconsiderSignal,
  supersedeSignal,
  yieldSignal,
} from '../../src/workflows/contract/messages';
import { promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
import {
  type Activities,
  createWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment';

const opened: PullRequestOpened = {
  state: 'pull-request',
  url: 'https://git.example/pull/7',
  number: 7,
  change: 'created',
  previous: '1.0.0',
};

const ready: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 3 },
};

/** A failure as the interceptor hands it to Temporal. */
function fault(code: FailureCode, retryAfterMs?: number): ApplicationFailure {
  const { message, retryable } = new WindlassError(code, 'It broke.');
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable: !retryable,
    details: retryAfterMs === undefined ? [] : [{ retryAfterMs }],
  });
}

/** An openPullRequest that fails with each fault in turn and then succeeds. */
function failing(...faults: ApplicationFailure[]): { calls: number } & Pick<Activities, 'openPullRequest'> {
  const script = {
    calls: 0,
    openPullRequest(): Promise<typeof opened> {
      const next = faults[script.calls];
      script.calls += 1;
      return next === undefined ? Promise.resolve(opened) : Promise.reject(next);
    },
  };
  return script;
}

let environment: WorkflowEnvironment;
let started = 0;

beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.close());

async function start(overrides: Partial<PromotionTask> = {}): Promise<WorkflowHandle> {
  started += 1;
  return environment.client.workflow.start(promotionWorkflow, {
    taskQueue,
    workflowId: `promotion-test-${started}`,
    args: [promotionTask(started, overrides)],
  });
}

async function run(
  activities: Partial<Activities>,
  overrides: Partial<PromotionTask> = {},
): Promise<unknown> {
  return environment.withWorker(
    { resolvePromotion: () => Promise.resolve(ready), ...activities },
    async () => {
      const handle = await start(overrides);
      return (await handle.result()) as unknown;
    },
  );
}

async function failureOf(outcome: Promise<unknown>): Promise<{ type: unknown; message: string }> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
  return { type: cause.type, message: cause.message };
}

async function stateOf(handle: WorkflowHandle): Promise<string | undefined> {
  return (await handle.describe()).typedSearchAttributes.get(stateAttribute);
}

/** What the Temporal Web UI shows beside the running promotion. */
async function detailsOf(handle: WorkflowHandle): Promise<string | undefined> {
  const metadata = await handle.query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}

it('opens the pull request and ends with its address', async () => {
  await expect(run(failing())).resolves.toEqual(opened);
});

it('sends the notification where that is the strategy', async () => {
  const sent: string[] = [];
  const outcome = await run({
    resolvePromotion: () => Promise.resolve({ ...ready, strategy: 'notification' }),
    notify: (task) => {
      sent.push(task.version);
      return Promise.resolve();
    },
  });
  expect(outcome).toEqual({ state: 'notified' });
  expect(sent).toEqual(['1.1.0']);
});

it('ends as ignored when the pipeline no longer has the hop', async () => {
  const outcome = await run({
    resolvePromotion: () =>
      Promise.resolve({ status: 'ignored', reason: 'The pipeline apps/shop does not exist any more.' }),
  });
  expect(outcome).toEqual({ state: 'ignored', reason: 'The pipeline apps/shop does not exist any more.' });
});

it('withdraws a pull request when that is the task', async () => {
  const outcome = await run(
    { withdrawPullRequest: () => Promise.resolve({ url: 'https://git.example/pull/7' }) },
    { action: 'withdraw' },
  );
  expect(outcome).toEqual({ state: 'withdrawn', url: 'https://git.example/pull/7' });
});

describe('retry', () => {
  it('tries again after retryable failures', async () => {
    const activities = failing(fault('network'), fault('provider-unavailable'));
    await expect(run(activities)).resolves.toEqual(opened);
    expect(activities.calls).toBe(3);
  });

  it('gives up at the threshold, with the last failure as its type and a sentence', async () => {
    const activities = failing(fault('network'), fault('network'), fault('network'), fault('network'));
    const failure = await failureOf(run(activities));
    expect(failure.type).toBe('network');
    expect(failure.message).toMatch(/^Gave up after 3 failed attempts\. It broke\. Check that the host/);
    expect(activities.calls).toBe(3);
  });

  it('does not try again after a permanent failure', async () => {
    const activities = failing(fault('no-marker'));
    const failure = await failureOf(run(activities));
    expect(failure.type).toBe('no-marker');
    expect(activities.calls).toBe(1);
  });

  it('waits for a rate limit without counting it', async () => {
    const limited = fault('rate-limited', 20);
    const activities = failing(limited, fault('network'), limited, limited, fault('network'));
    await expect(run(activities)).resolves.toEqual(opened);
    expect(activities.calls).toBe(6);
  });

  it('counts a fault of our own', async () => {
    const broken = ApplicationFailure.create({
      message: 'x is not a function',
      type: 'TypeError',
      nonRetryable: true,
    });
    const failure = await failureOf(run(failing(broken, broken, broken)));
    expect(failure.type).toBe('internal');
  });

  it('waits for a store that is not there without counting it', async () => {
    let asked = 0;
    const outcome = await run({
      ...failing(),
      resolvePromotion: () => {
        asked += 1;
        return asked < 2 ? Promise.reject(fault('store-unavailable')) : Promise.resolve(ready);
      },
    });
    expect(outcome).toEqual(opened);
    expect(asked).toBe(2);
  });
});

describe('a newer version', () => {
  it('supersedes it between attempts', async () => {
    const retrying = { ...ready, retry: { delayMs: 3_600_000, maxDelayMs: 3_600_000, threshold: 3 } };
    await environment.withWorker(
      { resolvePromotion: () => Promise.resolve(retrying), ...failing(fault('network')) },
      async () => {
        const handle = await start();
        await eventually(async () => (await stateOf(handle)) === 'retrying');
        await handle.signal(supersedeSignal, '1.2.0');
        await expect(handle.result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
      },
    );
  });

  it('does not interrupt the attempt under way, whose result stands', async () => {
    let finish: (() => void) | undefined;
    const openPullRequest = (): Promise<typeof opened> =>
      new Promise((resolve) => {
        finish = () => resolve(opened);
      });
    await environment.withWorker(
      { resolvePromotion: () => Promise.resolve(ready), openPullRequest },
      async () => {
        const handle = await start();
        await eventually(() => finish !== undefined);
        await handle.signal(supersedeSignal, '1.2.0');
        finish?.();
        await expect(handle.result()).resolves.toEqual(opened);
      },
    );
  });
});

describe('a manual promotion', () => {
  const manual = (): Promise<Resolution> => Promise.resolve({ ...ready, manual: true });
  const held = async (): Promise<WorkflowHandle> => {
    const handle = await start();
    await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
    return handle;
  };

  it('goes on when its version is approved', async () => {
    await environment.withWorker({ resolvePromotion: manual, ...failing() }, async () => {
      const handle = await held();
      await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0', by: 'jo' }] });
      await expect(handle.result()).resolves.toEqual(opened);
    });
  });

  it('refuses the approval of another version and goes on waiting', async () => {
    await environment.withWorker({ resolvePromotion: manual, ...failing() }, async () => {
      const handle = await held();
      await expect(
        handle.executeUpdate(promoteUpdate, { args: [{ version: '1.0.9' }] }),
      ).rejects.toMatchObject({
        cause: { message: 'This promotion waits for the approval of 1.1.0, not of 1.0.9.' },
      });
      expect(await stateOf(handle)).toBe('waiting-for-approval');
      await handle.terminate();
    });
  });

  it('makes way for a newer version', async () => {
    await environment.withWorker({ resolvePromotion: manual }, async () => {
      const handle = await held();
      await handle.signal(supersedeSignal, '1.2.0');
      await expect(handle.result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
    });
  });

  it('yields at the wish of its lane', async () => {
    await environment.withWorker({ resolvePromotion: manual }, async () => {
      const handle = await held();
      await handle.signal(yieldSignal);
      await expect(handle.result()).resolves.toEqual({ state: 'yielded', approved: false });
    });
  });

  it('that was approved before it had to continue as new is not held again', async () => {
    await expect(run({ resolvePromotion: manual, ...failing() }, { approved: true })).resolves.toEqual(
      opened,
    );
  });
});

describe('a suspended promotion', () => {
  const suspended: Resolution = { ...ready, suspended: true };

  it('waits, and goes on once somebody says that the Pipeline was changed', async () => {
    let resolution = suspended;
    await environment.withWorker(
      { resolvePromotion: () => Promise.resolve(resolution), ...failing() },
      async () => {
        const handle = await start();
        await eventually(async () => (await stateOf(handle)) === 'suspended');
        resolution = ready;
        await handle.signal(reconsiderSignal);
        await expect(handle.result()).resolves.toEqual(opened);
      },
    );
  });

  it('makes way for a newer version', async () => {
    await environment.withWorker({ resolvePromotion: () => Promise.resolve(suspended) }, async () => {
      const handle = await start();
      await eventually(async () => (await stateOf(handle)) === 'suspended');
      await handle.signal(supersedeSignal, '1.2.0');
      await expect(handle.result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
    });
  });

  it('is held again when the Pipeline was suspended while it waited for approval', async () => {
    let resolution: Resolution = { ...ready, manual: true };
    await environment.withWorker({ resolvePromotion: () => Promise.resolve(resolution) }, async () => {
      const handle = await start();
      await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
      resolution = { ...suspended, manual: true };
      await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
      await expect(eventually(async () => (await stateOf(handle)) === 'suspended')).resolves.toBe(true);
      await handle.terminate();
    });
  });

  it('is shown as suspended again when that happens a second time', async () => {
    let resolution: Resolution = { ...suspended, manual: true };
    await environment.withWorker({ resolvePromotion: () => Promise.resolve(resolution) }, async () => {
      const handle = await start();
      await eventually(async () => (await stateOf(handle)) === 'suspended');
      resolution = { ...ready, manual: true };
      await handle.signal(reconsiderSignal);
      await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
      resolution = { ...suspended, manual: true };
      await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
      await expect(eventually(async () => (await stateOf(handle)) === 'suspended')).resolves.toBe(true);
      await handle.terminate();
    });
  });

  it('shows every closed gate, takes an approval, and goes on once nothing is closed any more', async () => {
    let resolution: Resolution = { ...suspended, manual: true };
    await environment.withWorker(
      { resolvePromotion: () => Promise.resolve(resolution), ...failing() },
      async () => {
        const handle = await start();
        await eventually(async () => (await stateOf(handle)) === 'suspended');
        const details = await detailsOf(handle);
        expect(details).toContain('**staging waits for 1.1.0**: suspended');
        expect(details).toContain('approval');
        await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
        expect(await stateOf(handle)).toBe('suspended');
        resolution = { ...ready, manual: true };
        await handle.signal(reconsiderSignal);
        await expect(handle.result()).resolves.toEqual(opened);
      },
    );
  });

  it('takes no approval where none is asked for', async () => {
    await environment.withWorker({ resolvePromotion: () => Promise.resolve(suspended) }, async () => {
      const handle = await start();
      await eventually(async () => (await stateOf(handle)) === 'suspended');
      await expect(
        handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] }),
      ).rejects.toMatchObject({ cause: { message: 'This promotion does not wait for approval.' } });
      await handle.terminate();
    });
  });
});

it('that an operator cancels while it waits is shown as cancelled', async () => {
  const told: string[] = [];
  const activities: Partial<Activities> = {
    resolvePromotion: () => Promise.resolve({ ...ready, manual: true, reported: true }),
    reportProgress: (_, { state }) => {
      told.push(state);
      return Promise.resolve();
    },
  };
  await environment.withWorker(activities, async () => {
    const handle = await start();
    await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await stateOf(handle)).toBe('cancelled');
  });
  expect(told).toEqual(['waiting-for-approval', 'cancelled']);
});

describe('progress', () => {
  const reported = (): Promise<Resolution> => Promise.resolve({ ...ready, reported: true, manual: true });

  it('is reported at each step to whoever watches the Pipeline', async () => {
    const steps: string[] = [];
    const reportProgress: Activities['reportProgress'] = (_, { state, url }) => {
      steps.push(url === undefined ? state : `${state} ${url}`);
      return Promise.resolve();
    };
    await environment.withWorker({ resolvePromotion: reported, reportProgress, ...failing() }, async () => {
      const handle = await start();
      await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
      await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
      await handle.result();
    });
    expect(steps).toEqual(['waiting-for-approval', 'started', `pull-request ${opened.url}`]);
  });

  it('is told in a plain sentence that names the workflow to approve and what to do', async () => {
    const sentences: string[] = [];
    let workflowId = '';
    const reportProgress: Activities['reportProgress'] = (_, { message }) => {
      sentences.push(message);
      return Promise.resolve();
    };
    await environment.withWorker({ resolvePromotion: reported, reportProgress, ...failing() }, async () => {
      const handle = await start();
      workflowId = handle.workflowId;
      await eventually(async () => (await stateOf(handle)) === 'waiting-for-approval');
      await handle.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
      await handle.result();
    });
    expect(sentences).toEqual([
      expect.stringContaining(`{"version": "1.1.0"} to the workflow ${workflowId}.`),
      'Promoting 1.1.0 from dev into staging.',
      `Pull request ${opened.url} brings staging from 1.0.0 to 1.1.0. Merge it to deploy, or close it to keep staging as it is.`,
    ]);
  });

  it('that cannot be reported holds nothing up', async () => {
    const reportProgress = (): Promise<void> =>
      Promise.reject(ApplicationFailure.nonRetryable('The API server is away.'));
    const outcome = run({
      resolvePromotion: () => Promise.resolve({ ...ready, reported: true }),
      reportProgress,
      ...failing(),
    });
    await expect(outcome).resolves.toEqual(opened);
  });

  it('of a failure carries its code', async () => {
    const codes: unknown[] = [];
    const failure = run({
      resolvePromotion: () => Promise.resolve({ ...ready, reported: true }),
      reportProgress: (_, { state, code }) => {
        codes.push([state, code]);
        return Promise.resolve();
      },
      ...failing(fault('no-marker')),
    });
    expect((await failureOf(failure)).type).toBe('no-marker');
    expect(codes).toEqual([
      ['started', undefined],
      ['failed', 'no-marker'],
    ]);
  });
});

it('counts its end and its failed attempts', async () => {
  const count = async (name: string, labels: Record<string, string>): Promise<number> => {
    const metric = await environment.registry.getSingleMetric(name)?.get();
    const same = metric?.values.find(({ labels: have }) =>
      Object.entries(labels).every(([key, value]) => have[key] === value),
    );
    return same?.value ?? 0;
  };
  const ended = { strategy: 'pull-request', result: 'pull-request' };
  const attempts = { strategy: 'pull-request', code: 'timed-out' };
  const before = await count('windlass_promotions_total', ended);
  await run(failing(fault('timed-out')));
  expect(await count('windlass_promotions_total', ended)).toBe(before + 1);
  expect(await count('windlass_promotion_failed_attempts_total', attempts)).toBe(1);
});
