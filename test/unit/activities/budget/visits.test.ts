import { createVisits, type Visits } from '../../../../src/activities/budget/visits';
import { type BudgetAnswer, type BudgetAsk } from '../../../../src/domain/budget/budget-message';
import { defaultPace } from '../../../../src/domain/budget/pace';
import { type WindlassError } from '../../../../src/domain/errors';
import { type PacedAnswer, type Pacer } from '../../../../src/providers/port';
import { type BudgetName } from '../../../../src/temporal/budgets';
import { eventually } from '../../../support/eventually';

const request = { host: 'git.example', account: 'canary-5d21', pace: defaultPace, changes: false };
const answered: PacedAnswer = { isFree: false, isTelling: true };
const size = { requests: 4, changes: 1 };
/** Every visit can begin, as far as this suffices. */
const plenty: BudgetAnswer = { granted: { requests: 40, changes: 10 }, forMs: 60_000, atOnce: 10, turns: [] };
const noTurn = (...turns: readonly number[]): BudgetAnswer => ({
  ...plenty,
  granted: { requests: 0, changes: 0 },
  turns,
});

let asked: { readonly name: BudgetName; readonly ask: BudgetAsk }[];
let failures: unknown[];
let runs = 0;
const name = (): string => `visit ${(runs += 1)}`;

/** The others answer like this, the last answer again and again. */
function visitsWith(...answers: readonly (BudgetAnswer | Error)[]): Visits {
  asked = [];
  failures = [];
  return createVisits({
    ask: (name, ask) => {
      asked.push({ name, ask });
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? plenty;
      if (answer instanceof Error) return Promise.reject(answer);
      const turns = (ask.wanted ?? []).map((_, index) => answer.turns[index] ?? 0);
      return Promise.resolve({ ...answer, turns });
    },
    onFailure: (error) => failures.push(error),
  });
}

const send = (pacer: Pacer, said = answered, changes = false): Promise<unknown> =>
  pacer.send({ ...request, changes }, new AbortController().signal, () => Promise.resolve({ said }));

const failure = (work: Promise<unknown>): Promise<WindlassError> =>
  work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as WindlassError,
  );

it('many visits ask once, and report with the next ask what they spent', async () => {
  const visits = visitsWith(plenty);
  await visits.run(name(), size, (pacer) => send(pacer));
  for (let n = 0; n < 9; n++) await visits.run(name(), size, (pacer) => send(pacer));
  expect(asked.map(({ ask }) => ask.wanted)).toEqual([[{ ...size, id: expect.any(String) as string }]]);
  await Promise.all(
    Array.from({ length: 10 }, () => visits.run(name(), { requests: 8, changes: 1 }, (pacer) => send(pacer))),
  );
  expect(asked[1]?.ask.report).toMatchObject({ spent: { requests: 10, changes: 0 } });
});

it('the name of a budget does not show the token, and is the same for the same token', async () => {
  const visits = visitsWith(plenty, plenty);
  await visits.run(name(), size, (pacer) => send(pacer));
  await visits.run(name(), { requests: 100, changes: 1 }, (pacer) => send(pacer)).catch(() => undefined);
  expect(JSON.stringify(asked)).not.toContain(request.account);
  expect(new Set(asked.map(({ name }) => name.account)).size).toBe(1);
});

it('a visit that would wait for long fails at once, with a turn that no other has', async () => {
  const visits = visitsWith(noTurn(40_000, 40_700, 41_400));
  const errors = await Promise.all(
    Array.from({ length: 3 }, () => failure(visits.run(name(), size, (pacer) => send(pacer)))),
  );
  expect(errors.map(({ code, retryAfterMs }) => [code, retryAfterMs])).toEqual([
    ['rate-limited', 40_000],
    ['rate-limited', 40_700],
    ['rate-limited', 41_400],
  ]);
});

it('one that waits for a moment is let in when there is something', async () => {
  const visits = visitsWith(noTurn(50), plenty);
  await expect(visits.run(name(), size, (pacer) => send(pacer))).resolves.toBeDefined();
  expect(asked).toHaveLength(2);
});

it('what is scarce is given back, and not passed to the next visit', async () => {
  const visits = visitsWith({ ...plenty, granted: size, isScarce: true });
  await visits.run(name(), size, (pacer) => send(pacer));
  await visits.run(name(), { requests: 1, changes: 0 }, (pacer) => send(pacer));
  expect(asked).toHaveLength(2);
  expect(asked[1]?.ask.held).toEqual({ requests: 0, changes: 0 });
  await eventually(() => expect(asked).toHaveLength(3));
  expect(asked[2]?.ask.wanted).toBeUndefined();
});

it('work that is tried again has the name that it had', async () => {
  const visits = visitsWith(noTurn(40_000), noTurn(40_000), plenty);
  for (let n = 0; n < 2; n++) await failure(visits.run('open shop', size, (pacer) => send(pacer)));
  const ids = asked.map(({ ask }) => ask.wanted?.[0]?.id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toContain('shop');
});

it('a rate limit is told at once, and stops what has not been sent', async () => {
  const visits = visitsWith(plenty, { ...plenty, stopMs: 30_000 });
  const limited = { ...answered, stopMs: 30_000 };
  const error = await failure(
    visits.run(name(), size, async (pacer) => {
      await send(pacer, limited);
      await eventually(() => expect(asked).toHaveLength(2));
      await send(pacer);
    }),
  );
  expect(asked[1]?.ask.report.stopMs).toBeGreaterThan(29_000);
  expect(error.code).toBe('rate-limited');
  expect(error.retryAfterMs).toBeGreaterThan(29_000);
});

it('where the others cannot be asked, promotions go on', async () => {
  const visits = visitsWith(new Error('no worker'));
  await visits.run(name(), size, async (pacer) => {
    for (let n = 0; n < 10; n++) await send(pacer);
  });
  await visits.run(name(), size, (pacer) => send(pacer));
  expect(asked).toHaveLength(1);
  expect(failures).toHaveLength(1);
});

it('what was spent while the others could not be asked is reported when they answer again', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  try {
    const short = { ...plenty, granted: { requests: 1, changes: 0 } };
    const visits = visitsWith(short, new Error('no worker'), plenty);
    const one = { requests: 1, changes: 0 };
    for (let n = 0; n < 5; n++) await visits.run(name(), one, (pacer) => send(pacer));
    expect(asked).toHaveLength(2);
    jest.setSystemTime(Date.now() + 61_000);
    await visits.run(name(), one, (pacer) => send(pacer));
    expect(asked[2]?.ask.report.spent).toEqual({ requests: 5, changes: 0 });
  } finally {
    jest.useRealTimers();
  }
});

it('a worker that cannot ask the others takes its part of the published limits', async () => {
  const pace = { atOnce: 10, limits: [{ most: 40, perMs: 60_000, read: 1, change: 1 }] };
  const visits = visitsWith(
    { ...plenty, granted: { requests: 1, changes: 0 }, atOnce: 5 },
    new Error('no worker'),
  );
  const sent = async (): Promise<number> => {
    for (let count = 0; ; count++) {
      try {
        await visits.run(name(), { requests: 1, changes: 0 }, (pacer) =>
          pacer.send({ ...request, pace }, new AbortController().signal, () =>
            Promise.resolve({ said: answered }),
          ),
        );
      } catch {
        return count;
      }
    }
  };
  expect(await sent()).toBeLessThanOrEqual(22);
});

it('requests of a visit that begin together are those that it reserved', async () => {
  const visits = visitsWith({ ...plenty, granted: { requests: 8, changes: 2 }, isScarce: true });
  await visits.run(name(), size, (pacer) => Promise.all([send(pacer), send(pacer)]));
  await visits.run(name(), size, (pacer) => send(pacer));
  expect(asked.at(-1)?.ask.held).toEqual({ requests: 0, changes: 0 });
});

it('what the service does not count is not spent', async () => {
  const visits = visitsWith({ ...plenty, granted: { requests: 5, changes: 1 } });
  await visits.run(name(), { requests: 1, changes: 0 }, async (pacer) => {
    for (let n = 0; n < 10; n++) await send(pacer, { ...answered, isFree: true });
  });
  expect(asked).toHaveLength(1);
});

it('what is on its way is held, and not reported as spent', async () => {
  const visits = visitsWith({ ...plenty, granted: { requests: 4, changes: 1 } });
  const { promise, resolve } = Promise.withResolvers<{ said: PacedAnswer }>();
  const first = visits.run(name(), size, (pacer) =>
    pacer.send(request, new AbortController().signal, () => promise),
  );
  await eventually(() => expect(asked).toHaveLength(1));
  await visits.run(name(), size, (pacer) => send(pacer));
  expect(asked[1]?.ask.held).toEqual(size);
  expect(asked[1]?.ask.report.spent.requests).toBe(0);
  resolve({ said: answered });
  await first;
});

it('an aborted visit leaves the queue', async () => {
  const visits = visitsWith(noTurn(500));
  const abort = new AbortController();
  const waiting = visits.run(name(), size, (pacer) =>
    pacer.send(request, abort.signal, () => Promise.resolve({ said: answered })),
  );
  await eventually(() => expect(asked).toHaveLength(1));
  abort.abort(new Error('the worker shuts down'));
  await expect(waiting).rejects.toThrow('the worker shuts down');
});

it('the fewest requests that remain are shown by host', async () => {
  const visits = visitsWith(plenty);
  const figures = { limit: 60, remaining: 12, resetInMs: 1_000 };
  await visits.run(name(), size, (pacer) => send(pacer, { ...answered, figures }));
  expect([...visits.remaining()]).toEqual([['git.example', 12]]);
});
