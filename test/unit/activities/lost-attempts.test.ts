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

const taskOf = (name: string) => ({ pipeline: { namespace: 'apps', name } }) as PromotionTask;
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
  pipeline = 'shop',
): Promise<PullRequestResult> {
  const context = {
    info: { heartbeatDetails: undefined, workflowExecution: { workflowId: `of-${pipeline}` }, ...info },
    cancellationSignal: new AbortController().signal,
    heartbeat: (details: unknown) => heartbeats.push(structuredClone(details)),
  };
  return asyncLocalStorage.run(context as unknown as Context, () =>
    run('openPullRequest', taskOf(pipeline), () => Promise.resolve(here)),
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

test('one runs alone at a time: the server repeats the others later', async () => {
  let finish: () => void = () => undefined;
  const run = createRepositoryAttempts(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    return alone as never;
  });
  const first = attempt(run, { attempt: 2 });
  await expect(attempt(run, { attempt: 2 })).rejects.toMatchObject({
    type: 'AnotherRunsAlone',
    nonRetryable: false,
  });
  finish();
  expect(await first).toEqual(alone);
});

test('after a failure alone, the next attempt of that Pipeline runs alone too, and no other', async () => {
  const failure = new WindlassError('network', 'No connection.');
  const run = createRepositoryAttempts(answering(failure, alone));
  await expect(attempt(run, { attempt: 2 })).rejects.toBe(failure);
  expect(await attempt(run, { attempt: 1 }, 'other')).toEqual(here);
  expect(await attempt(run, { attempt: 1 })).toEqual(alone);
  // It succeeded alone: it is suspected no longer.
  expect(await attempt(run, { attempt: 1 })).toEqual(here);
});

test('losses before such a failure count', async () => {
  const run = createRepositoryAttempts(answering(lost, new WindlassError('network', 'No connection.'), lost));
  await expect(attempt(run, { attempt: 2 })).rejects.toMatchObject({ code: 'network' });
  await expect(attempt(run, { attempt: 1 })).rejects.toMatchObject({ code: 'quarantined' });
});
