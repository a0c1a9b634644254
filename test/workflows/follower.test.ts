/** The follower of a repository, over weeks that the server skips. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type WorkflowHandle } from '@temporalio/client';
import { type FollowerActivities, type PullRequestLook } from '../../src/activities/follower-activities';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { followerId, followerWorkflow } from '../../src/workflows/contract/ids';
import { type FollowedPromotion, type FollowerStart } from '../../src/workflows/contract/messages';
import { startSkippingTime } from '../support/time-skipping';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { type WorkflowEnvironment } from '../support/workflow-environment';

const hour = 3_600_000;
const day = 24 * hour;

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.close());

const repositoryOf = (name: string): FollowedRepository => ({
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: `https://git.example/acme/${name}`,
});
const followedOf = (number: number): FollowedPromotion => ({
  workflowId: `promotion-${number}`,
  number,
  pipeline: { namespace: 'apps', name: 'shop' },
  from: 'dev',
  to: 'prod',
});
const start = (
  name: string,
  numbers: readonly number[],
  rest: Partial<FollowerStart> = {},
): Promise<WorkflowHandle> => {
  const repository = repositoryOf(name);
  const argument: FollowerStart = { repository, followed: numbers.map(followedOf), ...rest };
  return startSkippingTime(environment.client, followerWorkflow, followerId(repository), argument);
};
const now = (): number => Context.current().info.scheduledTimestampMs;
const nothing: PullRequestLook = { states: [], seen: { tag: 'same' }, abandoned: [] };
const merged = (number: number) => ({ number, state: 'merged' as const, head: 'f'.repeat(40) });

/** Answers the looks in turn, the last answer again and again; keeps their times and what was passed as seen. */
function provider(...answers: ((look: number) => PullRequestLook)[]) {
  const times: number[] = [];
  const seen: unknown[] = [];
  const lookAtPullRequests: FollowerActivities['lookAtPullRequests'] = (_, _followed, known) => {
    times.push(now());
    seen.push(known);
    const answer = answers[Math.min(times.length, answers.length) - 1];
    return Promise.resolve().then(() => answer?.(times.length) ?? nothing);
  };
  return { times, seen, activities: { lookAtPullRequests } };
}

it('looks after a minute, then less and less often, and at least once an hour; ends with the last pull request', async () => {
  const { times, seen, activities } = provider(...Array.from({ length: 9 }, () => () => nothing), () => ({
    ...nothing,
    states: [merged(1)],
  }));
  await environment.withWorker(activities, async () => {
    const startedAt = Date.now();
    const handle = await start('quiet', [1]);
    await handle.result();
    const waits = times.map((time, i) => Math.round((time - (times[i - 1] ?? startedAt)) / 60_000));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    // The first question is without conditions.
    expect([seen[0], seen[1], seen.at(-1)]).toEqual([undefined, { tag: 'same' }, { tag: 'same' }]);
  });
}, 120_000);

it('a failed look is repeated later, and loses nothing', async () => {
  const { times, activities } = provider(
    () => {
      throw ApplicationFailure.create({ type: 'network', message: 'Down.' });
    },
    () => ({ ...nothing, states: [merged(1)] }),
  );
  await environment.withWorker(activities, async () => {
    const handle = await start('failing', [1]);
    await handle.result();
  });
  expect(times).toHaveLength(2);
}, 120_000);

it('a look that a rate limit refuses comes again at its turn, and not later and later', async () => {
  const limited = ApplicationFailure.create({
    type: 'rate-limited',
    message: 'Not yet.',
    details: [{ retryAfterMs: 90_000 }],
  });
  const refuse = (): never => {
    throw limited;
  };
  const { times, activities } = provider(refuse, refuse, refuse, () => ({ ...nothing, states: [merged(1)] }));
  await environment.withWorker(activities, async () => {
    const handle = await start('limited', [1]);
    await handle.result();
  });
  const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(waits).toHaveLength(3);
  for (const wait of waits) {
    expect(wait).toBeGreaterThanOrEqual(90_000);
    expect(wait).toBeLessThan(100_000);
  }
}, 120_000);

it('500 pull requests that stay open for 30 days cost one question an hour, in bounded histories', async () => {
  const numbers = Array.from({ length: 500 }, (_, i) => i + 1);
  const firstAt: number[] = [];
  const { times, activities } = provider((look) => {
    const time = now();
    if (look === 1) firstAt.push(time);
    const isOver = time - (firstAt[0] ?? time) > 30 * day;
    return isOver ? { ...nothing, states: numbers.map(merged) } : nothing;
  });
  await environment.withWorker(activities, async () => {
    const repository = repositoryOf('patient');
    await start('patient', numbers);
    const runs = await runsUntilDone(followerId(repository));
    expect(Math.max(...runs)).toBeLessThan(5_000);
  });
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(30 * day);
  expect(times.length).toBeLessThanOrEqual(30 * 24 + 8);
}, 300_000);

/** Follows a workflow through its runs. @returns the number of history events of each */
async function runsUntilDone(workflowId: string): Promise<number[]> {
  const { client } = environment;
  await client.workflow.getHandle(workflowId).result();
  const runs: number[] = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push(events?.length ?? 0);
  }
  return runs;
}
