/** A promotion whose pull request is open: what its gates, people and time do to it. */
import { randomUUID } from 'node:crypto';
import { type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type MergeResult, type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { type PullRequestState } from '../../src/domain/promotion/pull-request-state';
import { plainSentence } from '../../src/domain/rich-text';
import { followPullRequest } from '../../src/temporal/followers';
import { followerId, promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import {
  approveUpdate,
  environmentSignal,
  overrideUpdate,
  pullRequestSignal,
  reconsiderSignal,
  rejectUpdate,
} from '../../src/workflows/contract/messages';
import { promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
import { promotionShows } from '../support/promotion-states';
import { startPromotionSkippingTime } from '../support/time-skipping';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { type Activities, type WorkflowEnvironment } from '../support/workflow-environment';

const version = '1.1.0';
const hour = 3_600_000;
const url = 'https://git.example/pull/7';
const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example/acme/fleet',
};
const first = 'a'.repeat(40);
const second = 'b'.repeat(40);

let environment: WorkflowEnvironment;
let started = 0;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

/** A forge in memory that remembers what it was told, and a Pipeline with the gates that the test sets. */
function scripted(gates: Partial<ReadyPromotion>) {
  const script = {
    gates,
    gone: false,
    heads: [first, second],
    merges: [] as MergeResult[],
    told: [] as string[],
    enforced: [] as (boolean | undefined)[],
    said: [] as string[],
    parted: [] as string[],
    proofs: [] as unknown[],
    followed: [] as FollowedRepository[],
  };
  const activities: Partial<Activities> = {
    resolvePromotion: () =>
      Promise.resolve(
        script.gone
          ? { status: 'ignored', reason: 'The pipeline apps/shop does not exist any more.' }
          : {
              status: 'ready',
              strategy: 'pull-request',
              application: 'shop',
              retry: { delayMs: 10, maxDelayMs: 40, threshold: 3 },
              reported: true,
              manual: false,
              ...script.gates,
            },
      ),
    openPullRequest: (_task, _before, shown) => {
      if (shown?.closed !== undefined) script.said.push(`opened: ${plainSentence(shown.closed)}`);
      const head = script.heads.shift() ?? second;
      return Promise.resolve({
        ...{ state: 'pull-request', url, number: 7, change: 'created', previous: '1.0.0' },
        repository,
        head,
        enforced: false,
      } as const);
    },
    followPullRequest: (where) => {
      script.followed.push(where);
      return Promise.resolve();
    },
    tellGates: (_repository, _number, closed, checkOnly, proof) => {
      if (closed === undefined) script.proofs.push(proof);
      const where = checkOnly === true ? 'check' : 'check and comment';
      script.said.push(`${where}: ${closed === undefined ? 'open' : plainSentence({ said: closed.said })}`);
      return Promise.resolve();
    },
    mergePullRequest: () =>
      Promise.resolve(
        script.merges.shift() ?? { state: 'not-merged', because: 'checks-pending', words: 'In progress.' },
      ),
    leaveMergeQueue: (_repository, { number, hop: { to } }) => {
      script.said.push(`#${number} into ${to} left the queue`);
      return Promise.resolve();
    },
    partFromPullRequest: (_repository, _number, { close, comment }, proof) => {
      script.proofs.push(proof);
      script.parted.push(`${close ? 'closed' : 'left open'}: ${comment}`);
      return Promise.resolve();
    },
    reportProgress: (_, { state, message, enforced }) => {
      script.told.push(`${state}: ${message}`);
      script.enforced.push(enforced);
      return Promise.resolve();
    },
  };
  return { script, activities };
}

async function proposed(state = 'pull-request'): Promise<WorkflowHandle> {
  started += 1;
  const workflowId = `proposal-gates-${started}`;
  const args = [promotionTask(started, { followed: true })];
  const handle = await environment.client.workflow.start(promotionWorkflow, { taskQueue, workflowId, args });
  await promotionShows(environment.client, workflowId, state);
  return handle;
}
const shows = (handle: WorkflowHandle, state: string): Promise<unknown> =>
  promotionShows(environment.client, handle.workflowId, state);
const decide = (handle: WorkflowHandle, state: Partial<PullRequestState>): Promise<void> =>
  handle.signal(pullRequestSignal, { number: 7, state: 'open', ...state });
const approve = (handle: WorkflowHandle, by: string) =>
  handle.executeUpdate(approveUpdate, { args: [{ version, by }] });
const deployed = (handle: WorkflowHandle): Promise<void> =>
  handle.signal(environmentSignal, { type: 'deployed', at: Date.now() });

const atMerge = { stage: 'merge', approvals: { required: 2 } } as const;

it('at the stage merge, people approve what they see, and the check opens with the last approval', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    expect(script.said).toEqual([
      expect.stringMatching(/^opened: staging waits for 1\.1\.0: 0 of 2 approvals\./),
    ]);
    await approve(handle, 'alice');
    await eventually(() =>
      expect(script.said.at(-1)).toBe('check and comment: staging waits for 1.1.0: 1 of 2 approvals.'),
    );
    await approve(handle, 'bob');
    await shows(handle, 'pull-request');
    await eventually(() => expect(script.said.at(-1)).toBe('check and comment: open'));
    await decide(handle, { state: 'merged', head: first, by: 'carol' });
    await shows(handle, 'merged');
    await deployed(handle);
    await expect(handle.result()).resolves.toMatchObject({
      state: 'deployed',
      approvedAt: expect.any(Number) as number,
    });
  });
});

it('a commit that someone pushes later asks for the approvals again, and its author does not count', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await shows(handle, 'pull-request');
    await decide(handle, { head: second, authors: ['bob', 'bob@example.com'] });
    await shows(handle, 'waiting-for-approval');
    await eventually(() =>
      expect(script.said.at(-1)).toBe('check and comment: staging waits for 1.1.0: 0 of 2 approvals.'),
    );
    await expect(approve(handle, 'bob')).rejects.toMatchObject({
      cause: {
        message: 'bob asked for this promotion or wrote a commit of it, so someone else must approve it.',
      },
    });
    await approve(handle, 'alice');
    await approve(handle, 'carol');
    await shows(handle, 'pull-request');
    await handle.terminate();
  });
});

it('a merge while gates are closed is recorded, with an Event, and the promotion goes its way', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    await decide(handle, { state: 'merged', head: first, by: 'mallory' });
    await shows(handle, 'merged-outside-gates');
    await deployed(handle);
    await expect(handle.result()).resolves.toMatchObject({
      state: 'deployed',
      by: 'mallory',
      outsideGates: ['0 of 2 approvals'],
    });
  });
  expect(script.told).toContainEqual(
    expect.stringMatching(
      /^merged-outside-gates: .* was merged by mallory while its gates were closed: 0 of 2 approvals\./,
    ),
  );
  // The Pipeline's condition says so for as long as this is its last promotion.
  expect(script.enforced.slice(script.told.findIndex((line) => line.startsWith('pull-request')))).toEqual(
    expect.not.arrayContaining([undefined]),
  );
  expect(await environment.registry.getSingleMetricAsString('windlass_merges_outside_gates_total')).toMatch(
    /_total [1-9]/,
  );
});

it('a commit that is pushed and merged at once is one that nobody approved', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await shows(handle, 'pull-request');
    await decide(handle, { state: 'merged', head: second });
    await shows(handle, 'merged-outside-gates');
    await handle.terminate();
  });
  expect(script.told).toContainEqual(expect.stringMatching(/gates were closed: 0 of 2 approvals/));
});

it('a rejection closes the open pull request, and says by whom', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    await handle.executeUpdate(rejectUpdate, { args: [{ version, by: 'alice', comment: 'Not now.' }] });
    await expect(handle.result()).resolves.toEqual({
      state: 'rejected',
      by: 'alice',
      comment: 'Not now.',
      url,
    });
  });
  expect(script.parted).toEqual([
    expect.stringMatching(/^closed: \*\*alice rejected 1\.1\.0\*\* for staging:/),
  ]);
});

it('a Pipeline that is gone ends it with a comment, and leaves the pull request open', async () => {
  const { script, activities } = scripted({});
  await environment.withWorker(activities, async () => {
    const handle = await proposed();
    script.gone = true;
    await handle.signal(reconsiderSignal);
    await expect(handle.result()).resolves.toMatchObject({ state: 'ignored' });
  });
  expect(script.parted).toEqual([
    expect.stringMatching(/^left open: 1\.1\.0 is no longer promoted into staging/),
  ]);
});

it('gates that close later make the check pending, and open it again', async () => {
  const { script, activities } = scripted({});
  await environment.withWorker(activities, async () => {
    const handle = await proposed();
    script.gates = { freezes: [{ name: 'apps/fair', reason: 'The fair.' }] };
    await handle.signal(reconsiderSignal);
    await shows(handle, 'frozen');
    await eventually(() =>
      expect(script.said).toEqual(['check and comment: staging waits for 1.1.0: frozen.']),
    );
    script.gates = {};
    await handle.signal(reconsiderSignal);
    await shows(handle, 'pull-request');
    await eventually(() => expect(script.said.at(-1)).toBe('check and comment: open'));
    await handle.terminate();
  });
});

it('a pull request with conflicts is made again once, and what was approved still counts', async () => {
  const { script, activities } = scripted(atMerge);
  await environment.withWorker(activities, async () => {
    const handle = await proposed('waiting-for-approval');
    await approve(handle, 'alice');
    await approve(handle, 'bob');
    await shows(handle, 'pull-request');
    await decide(handle, { head: first, conflicts: true });
    await eventually(() => expect(script.said.at(-1)).toBe('check and comment: open'));
    await eventually(() => expect(script.heads).toEqual([]));
    await decide(handle, { state: 'merged', head: second });
    await shows(handle, 'merged');
    await handle.terminate();
  });
});

describe('a person who opens gates', () => {
  const override = (handle: WorkflowHandle, more: Record<string, unknown> = {}) =>
    handle.executeUpdate(overrideUpdate, {
      args: [{ version, gates: ['approvals'], by: 'alice', reason: 'Prod is down.', ...more }],
    });

  it('does so for one promotion, in the open, with a reason', async () => {
    const { script, activities } = scripted({ approvals: { required: 2 } });
    await environment.withWorker(activities, async () => {
      const handle = await proposed('waiting-for-approval');
      await expect(override(handle)).resolves.toBe('Open for 1.1.0 into staging: approvals.');
      await shows(handle, 'pull-request');
      await handle.terminate();
    });
    expect(script.told).toContain(
      'overridden: alice opened gates for 1.1.0 into staging: approvals. Reason: Prod is down.',
    );
  });

  it.each([
    [{ version: '1.0.9' }, /^This promotion is of 1\.1\.0: name it as "version"\.$/],
    [{ gates: ['suspend'] }, /^"gates" must be a list with some of freeze, tests, manual, /],
    [{ gates: [] }, /^"gates" must be a list/],
    [{ by: ' ' }, /^"by" must name the person\.$/],
    [{ reason: ' ' }, /^"reason" must say why, in up to 1000 characters\.$/],
    [{ force: true }, /^"force" is not a field: use version, gates, by, reason\.$/],
  ])('is told what is wrong with %j', async (wrong, message) => {
    const { activities } = scripted({ approvals: { required: 2 } });
    await environment.withWorker(activities, async () => {
      const handle = await proposed('waiting-for-approval');
      await expect(override(handle, wrong)).rejects.toMatchObject({
        cause: { message: expect.stringMatching(message) as string },
      });
      await handle.terminate();
    });
  });
});

describe('Windlass merges by itself', () => {
  /** With the follower, which says whose turn it is. */
  const withFollower = (gates: Partial<ReadyPromotion>) => {
    const { script, activities } = scripted({ autoMerge: true, ...gates });
    const followed: Partial<Activities> = {
      ...activities,
      followPullRequest: (where, promotion) => followPullRequest(environment.client, where, promotion),
      lookAtPullRequests: () => Promise.resolve({ states: [], seen: {}, abandoned: [] }),
    };
    return { script, activities: followed };
  };
  afterEach(() =>
    environment.client.workflow
      .getHandle(followerId(repository))
      .terminate()
      .catch(() => undefined),
  );

  it('once the gates are open and the checks have passed, at that commit', async () => {
    const { script, activities } = withFollower(atMerge);
    script.merges = [{ state: 'merged', at: Date.now() }];
    await environment.withWorker(activities, async () => {
      const handle = await proposed('waiting-for-approval');
      await approve(handle, 'alice');
      expect(script.merges).toHaveLength(1);
      await approve(handle, 'bob');
      await shows(handle, 'merged');
      expect(script.merges).toEqual([]);
      await handle.terminate();
    });
  });

  it('after it has made the commit again where the base branch has moved', async () => {
    const { script, activities } = withFollower({});
    script.merges = [
      { state: 'not-merged', because: 'behind', words: 'Behind.' },
      { state: 'merged', at: Date.now() },
    ];
    await environment.withWorker(activities, async () => {
      const handle = await proposed('merged');
      expect(script.heads).toEqual([]);
      await handle.terminate();
    });
  });

  it('one at a time on a base branch: the next has its turn when the first is done', async () => {
    const { script, activities } = withFollower({});
    const tried: string[] = [];
    let finish: (result: MergeResult) => void = () => undefined;
    const merging: Partial<Activities> = {
      ...activities,
      openPullRequest: (task) =>
        Promise.resolve({
          ...{ state: 'pull-request', url, change: 'created', previous: '1.0.0', base: 'main' },
          number: task.event.release ?? 0,
          repository,
          head: first,
        } as const),
      mergePullRequest: (_task, { number }) => {
        tried.push(`#${number}`);
        return new Promise((resolve) => (finish = resolve));
      },
    };
    await environment.withWorker(merging, async () => {
      const one = await proposed();
      await eventually(() => expect(tried).toHaveLength(1));
      const two = await proposed();
      const follower = environment.client.workflow.getHandle(followerId(repository));
      const names = async () => JSON.stringify((await follower.fetchHistory()).events ?? []);
      await eventually(async () => expect((await names()).split('join-merges')).toHaveLength(3));
      expect(tried).toHaveLength(1);
      finish({ state: 'merged', at: Date.now() });
      await shows(one, 'merged');
      await eventually(() => expect(tried).toHaveLength(2));
      expect(new Set(tried).size).toBe(2);
      finish({ state: 'merged', at: Date.now() });
      await shows(two, 'merged');
      await Promise.all([one.terminate(), two.terminate()]);
    });
    expect(script.parted).toEqual([]);
  });

  const queued: MergeResult = { state: 'not-merged', because: 'queued', words: 'It is in the queue.' };
  const left = '#7 into staging left the queue';

  it('through a queue, whose merge is its own', async () => {
    const { script, activities } = withFollower({});
    script.merges = [queued];
    await environment.withWorker(activities, async () => {
      const handle = await proposed();
      await eventually(() => expect(script.merges).toEqual([]));
      await decide(handle, { state: 'merged', head: first, by: 'github-merge-queue[bot]' });
      await shows(handle, 'merged');
      expect(script.said).not.toContain(left);
      await handle.terminate();
    });
  });

  it('and takes it out of the queue before it says that a gate has closed, once', async () => {
    const { script, activities } = withFollower({});
    script.merges = [queued];
    await environment.withWorker(activities, async () => {
      const handle = await proposed();
      await eventually(() => expect(script.merges).toEqual([]));
      script.gates = { ...script.gates, suspended: true };
      await handle.signal(reconsiderSignal);
      await shows(handle, 'suspended');
      await eventually(() => expect(script.said.at(-1)).toContain('check and comment: '));
      expect(script.said.filter((each) => each === left)).toHaveLength(1);
      expect(script.said.at(-2)).toBe(left);
      await handle.terminate();
    });
  });

  it('and takes it out of the queue when it no longer follows it', async () => {
    const { script, activities } = withFollower({});
    script.merges = [queued];
    await environment.withWorker(activities, async () => {
      const handle = await proposed();
      await eventually(() => expect(script.merges).toEqual([]));
      script.gone = true;
      await handle.signal(reconsiderSignal);
      await expect(handle.result()).resolves.toMatchObject({ state: 'ignored' });
    });
    expect(script.said).toContain(left);
    expect(script.parted).toHaveLength(1);
  });

  it('and takes it out of the queue where it cannot know whether it is in it', async () => {
    const { script, activities } = withFollower({});
    let isTried = false;
    const failing: Partial<Activities> = {
      ...activities,
      mergePullRequest: () => {
        isTried = true;
        return Promise.reject(ApplicationFailure.nonRetryable('The answer was lost.', 'network'));
      },
    };
    await environment.withWorker(failing, async () => {
      const handle = await proposed();
      await eventually(() => expect(isTried).toBe(true));
      script.gates = { ...script.gates, suspended: true };
      await handle.signal(reconsiderSignal);
      await shows(handle, 'suspended');
      await eventually(() => expect(script.said).toContain(left));
      await handle.terminate();
    });
  });

  it('never a downgrade', async () => {
    const { script, activities } = withFollower({});
    script.merges = [{ state: 'merged', at: Date.now() }];
    const lowering: Partial<Activities> = {
      ...activities,
      openPullRequest: async (...args) => {
        const opened = await activities.openPullRequest?.(...args);
        if (opened?.state !== 'pull-request') throw new Error('The forge opens a pull request.');
        return { ...opened, downgrade: true };
      },
    };
    await environment.withWorker(lowering, async () => {
      const handle = await proposed();
      await handle.signal(reconsiderSignal);
      await shows(handle, 'pull-request');
      expect(script.merges).toHaveLength(1);
      await handle.terminate();
    });
  });
});

describe('expireAfter', () => {
  const skipping = async (expected: string): Promise<WorkflowHandle> => {
    const workflowId = `expiry-${randomUUID()}`;
    const task = promotionTask(901, { followed: true });
    const handle = await startPromotionSkippingTime(environment.client, workflowId, task);
    await promotionShows(environment.client, workflowId, expected);
    return handle;
  };

  it('closes the pull request, and says why', async () => {
    const { script, activities } = scripted({ expireAfterMs: 72 * hour });
    await environment.withWorker(activities, async () => {
      const handle = await skipping('expired');
      await expect(handle.result()).resolves.toEqual({
        state: 'expired',
        afterMs: 72 * hour,
        url,
        number: 7,
      });
    });
    expect(script.parted).toEqual([
      expect.stringMatching(/^closed: \*\*1\.1\.0 was not promoted into staging\*\* within 3 days: /),
    ]);
  });

  it('does not pass before the check that could not be set has been set after all', async () => {
    const soakMs = Date.now() - promotionTask(901).event.at + hour;
    const { script, activities } = scripted({ expireAfterMs: 72 * hour, stage: 'merge', soakMs });
    let refusals = 2;
    const refusing: Partial<Activities> = {
      ...activities,
      tellGates: async (...args) => {
        const [, , closed] = args;
        if (closed === undefined && refusals-- > 0)
          throw ApplicationFailure.nonRetryable('In an hour.', 'rate-limited');
        await activities.tellGates?.(...args);
      },
    };
    await environment.withWorker(refusing, async () => {
      const handle = await skipping('expired');
      await expect(handle.result()).resolves.toMatchObject({ state: 'expired' });
    });
    expect(refusals).toBeLessThan(0);
    expect(script.said.at(-1)).toMatch(/: open$/);
  });

  it('ends what waits for approvals before its pull request, too', async () => {
    const { activities } = scripted({ expireAfterMs: 36 * hour, approvals: { required: 1 } });
    await environment.withWorker(activities, async () => {
      const handle = await skipping('expired');
      await expect(handle.result()).resolves.toEqual({ state: 'expired', afterMs: 36 * hour });
    });
  });

  it('does not pass while the promotion is frozen', async () => {
    const { script, activities } = scripted({
      expireAfterMs: 2 * hour,
      freezes: [{ name: 'apps/fair', reason: 'The fair.', until: Date.now() + 6 * hour }],
    });
    await environment.withWorker(activities, async () => {
      const handle = await skipping('expired');
      await handle.result();
      const { startTime, closeTime } = await handle.describe();
      // The freeze was made before the promotion began, on a busy machine some seconds before.
      expect((closeTime?.getTime() ?? 0) - startTime.getTime()).toBeGreaterThan(7 * hour);
    });
    expect(script.told.map((line) => line.split(':')[0])).toEqual([
      'frozen',
      'started',
      'pull-request',
      'expired',
    ]);
  });
});

describe('where only what the API vouches for counts', () => {
  const vouched = { ...atMerge, approvals: { required: 1 }, vouched: true } as const;
  const by = { version, by: 'oidc:alice', via: 'oidc', capability: 'wl1.a.b.c' } as const;

  it('the decisions go with the check that succeeds, and with the end of a rejected promotion', async () => {
    const { script, activities } = scripted(vouched);
    await environment.withWorker(activities, async () => {
      const handle = await proposed('waiting-for-approval');
      await handle.executeUpdate(approveUpdate, { args: [by] });
      await eventually(() =>
        expect(script.proofs).toMatchObject([
          { task: { version, approvals: [{ capability: 'wl1.a.b.c' }] } },
        ]),
      );
      await decide(handle, { head: second });
      await shows(handle, 'waiting-for-approval');
      await handle.executeUpdate(rejectUpdate, { args: [{ ...by, capability: 'wl1.a.d.e' }] });
      await expect(handle.result()).resolves.toMatchObject({ state: 'rejected' });
      expect(script.proofs.at(-1)).toMatchObject({
        task: { version },
        rejection: { by: 'oidc:alice', via: 'oidc', capability: 'wl1.a.d.e' },
      });
    });
  });

  it('who approves commits of others names the last one', async () => {
    const { activities } = scripted(vouched);
    await environment.withWorker(activities, async () => {
      const handle = await proposed('waiting-for-approval');
      await decide(handle, { head: second });
      await expect(handle.executeUpdate(approveUpdate, { args: [by] })).rejects.toMatchObject({
        cause: {
          message: `The pull request has commits that Windlass did not make: look at them, and approve with --head ${second}.`,
        },
      });
      await handle.executeUpdate(approveUpdate, { args: [{ ...by, head: second }] });
      await shows(handle, 'pull-request');
      await handle.terminate();
    });
  });
});

describe('a Pipeline that names another repository by now', () => {
  it('with another Secret, is followed with that one', async () => {
    const { script, activities } = scripted({});
    const renamed = { ...repository, secretName: 'git-2' };
    await environment.withWorker(activities, async () => {
      const handle = await proposed();
      script.gates = { repository: renamed };
      await handle.signal(reconsiderSignal);
      await eventually(() => expect(script.followed).toEqual([repository, renamed]));
      await decide(handle, { state: 'merged', head: first });
      await deployed(handle);
      await expect(handle.result()).resolves.toMatchObject({ state: 'deployed' });
    });
  });

  it.each<readonly [string, Partial<ReadyPromotion>]>([
    ['is another repository', { repository: { ...repository, url: 'https://git.example/acme/other' } }],
    ['has none', { strategy: 'notification' }],
  ])('and %s: the promotion ends', async (_what, gates) => {
    const { script, activities } = scripted({});
    await environment.withWorker(activities, async () => {
      const handle = await proposed();
      script.gates = gates;
      await handle.signal(reconsiderSignal);
      await expect(handle.result()).resolves.toEqual({
        state: 'ignored',
        reason:
          'The pipeline apps/shop no longer promotes from dev to staging in the repository of this pull request.',
      });
    });
  });
});
