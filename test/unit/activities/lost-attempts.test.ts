import { asyncLocalStorage, type Context } from '@temporalio/activity';
import {
  AttemptLost,
  createRepositoryAttempts,
  type RunAlone,
  type RunRepositoryAttempt,
} from '../../../src/activities/lost-attempts';
import { type PullRequestResult } from '../../../src/activities/promotion-activities';
import { WindlassError } from '../../../src/domain/errors';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';

const task = {} as PromotionTask;
const here: PullRequestResult = { state: 'superseded', by: 'here' };
const alone: PullRequestResult = { state: 'superseded', by: 'alone' };
const lost = new AttemptLost('was ended by SIGKILL');

let heartbeats: unknown[];
beforeEach(() => {
  heartbeats = [];
});

/** Runs alone with these answers, one after the other; an error is thrown. */
function answering(...answers: (PullRequestResult | Error)[]): RunAlone {
  return () => {
    const answer = answers.shift() ?? new Error('asked once too often');
    return answer instanceof Error ? Promise.reject(answer) : (Promise.resolve(answer) as never);
  };
}

function attempt(
  run: RunRepositoryAttempt,
  info: { readonly attempt: number; readonly heartbeatDetails?: unknown },
): Promise<PullRequestResult> {
  const context = {
    info: { heartbeatDetails: undefined, ...info },
    cancellationSignal: new AbortController().signal,
    heartbeat: (details: unknown) => heartbeats.push(structuredClone(details)),
  };
  return asyncLocalStorage.run(context as unknown as Context, () =>
    run('openPullRequest', task, () => Promise.resolve(here)),
  );
}

test('the first attempt runs in the worker', async () => {
  expect(await attempt(createRepositoryAttempts(answering(alone)), { attempt: 1 })).toEqual(here);
});

test('an attempt after a lost one runs alone', async () => {
  expect(await attempt(createRepositoryAttempts(answering(alone)), { attempt: 2 })).toEqual(alone);
});

test('without processes of their own, all attempts run in the worker', async () => {
  expect(await attempt(createRepositoryAttempts(undefined), { attempt: 2 })).toEqual(here);
});

test('a process that is lost once is repeated, and the loss is kept for a later worker', async () => {
  const run = createRepositoryAttempts(answering(lost, alone));
  expect(await attempt(run, { attempt: 2 })).toEqual(alone);
  expect(heartbeats).toContainEqual({ lostAlone: 1 });
});

test('the second lost process ends the promotion', async () => {
  const run = createRepositoryAttempts(answering(lost, lost, alone));
  await expect(attempt(run, { attempt: 2 })).rejects.toMatchObject({
    code: 'quarantined',
    retryable: false,
    message: expect.stringContaining('which was ended by SIGKILL. Look for'),
  });
});

test('a process that was lost beside an earlier worker counts', async () => {
  const run = createRepositoryAttempts(answering(lost, alone));
  const info = { attempt: 7, heartbeatDetails: { lostAlone: 1 } };
  await expect(attempt(run, info)).rejects.toMatchObject({ code: 'quarantined' });
});

test('however many workers were lost, none counts', async () => {
  expect(await attempt(createRepositoryAttempts(answering(lost, alone)), { attempt: 50 })).toEqual(alone);
});

test('a failure with a reason is passed on', async () => {
  const failure = new WindlassError('no-marker', 'There is none.');
  const run = createRepositoryAttempts(answering(failure, alone));
  await expect(attempt(run, { attempt: 2 })).rejects.toBe(failure);
});

test('at most two run alone at once, and the others get their turn', async () => {
  let running = 0;
  let most = 0;
  const run = createRepositoryAttempts(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return alone as never;
  });
  const answers = await Promise.all(Array.from({ length: 6 }, () => attempt(run, { attempt: 2 })));
  expect(answers).toEqual(Array(6).fill(alone));
  expect(most).toBe(2);
});
