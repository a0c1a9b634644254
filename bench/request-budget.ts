import { createServer } from 'node:http';
import { createVisits } from '../src/activities/budget/visits';
import { visitOf } from '../src/activities/budget/visit-sizes';
import { answerAsk } from '../src/domain/budget/budget';
import { type BudgetState, emptyBudget } from '../src/domain/budget/budget-state';
import { defaultPace, noPermits } from '../src/domain/budget/pace';
import { githubApi } from '../src/providers/github/rest-api';
import { type PacedAnswer, type PacedRequest } from '../src/providers/port';
import { rateFigures } from '../src/providers/rest/rate-figures';
import { closeServer, listenOnLoopback } from '../test/support/loopback';
import { median, printTable, timed, verdict } from './measure';
import { type BenchOptions } from './run-options';

const requestsEach = 6;

/**
 * What the budget of requests costs a promotion where much is left: the time of its requests to a service nearby, with and
 * without, and how many questions to Temporal it takes. And what a question costs the budget while many wait.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const promotions = quick ? 50 : 300;
  const rounds = quick ? 3 : 9;
  const server = createServer((_, response) => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 3_600);
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4900',
      'x-ratelimit-reset': reset,
    };
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end('{}');
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}/`;
  const send = async (): Promise<{ readonly said: PacedAnswer }> => {
    const response = await fetch(url);
    await response.text();
    const figures = rateFigures(Object.fromEntries(response.headers), Date.now());
    return { said: { isFree: false, isTelling: true, ...(figures === undefined ? {} : { figures }) } };
  };
  const direct: number[] = [];
  const paced: number[] = [];
  let asks = 0;
  await promote(promotions, send, undefined);
  for (let round = 0; round < rounds; round++) {
    direct.push((await timed(() => promote(promotions, send, undefined))).ms);
    paced.push((await timed(() => promote(promotions, send, () => (asks += 1)))).ms);
  }
  await closeServer(server);
  const perPromotion = (ms: readonly number[]): string => (median(ms) / promotions).toFixed(2);
  const asksEach = asks / promotions / rounds;
  printTable(
    ['a promotion', 'without', 'with'],
    [
      ['its requests, ms', perPromotion(direct), perPromotion(paced)],
      ['questions to the budget', '0', asksEach.toFixed(2)],
    ],
  );
  const waiting = [0, 500, 2_000].map((count): [string, string] => [String(count), askMs(count).toFixed(2)]);
  printTable(['visits that wait', 'a question, ms'], waiting);
  verdict('time with / without the budget', median(paced) / median(direct), { atMost: 1.5 });
  verdict('questions to Temporal for each promotion', asksEach, { atMost: 0.3 });
}

/** Without the time of Temporal, which answers while nothing else waits. */
async function promote(
  promotions: number,
  send: () => Promise<{ readonly said: PacedAnswer }>,
  onAsk: (() => void) | undefined,
): Promise<void> {
  let state: BudgetState = emptyBudget;
  const visits = createVisits({
    ask: (_, ask) => {
      onAsk?.();
      const step = answerAsk(state, ask, Date.now());
      state = step.state;
      return Promise.resolve(step.answer);
    },
    onFailure: (error) => console.error(error),
  });
  const request: PacedRequest = { host: 'git.example', account: 'token', pace: defaultPace, changes: false };
  const { signal } = new AbortController();
  for (let nth = 0; nth < promotions; nth++) {
    if (onAsk === undefined) for (let n = 0; n < requestsEach; n++) await send();
    else
      await visits.run(`open ${nth}`, visitOf.open, async (pacer) => {
        for (let n = 0; n < requestsEach; n++) await pacer.send({ ...request, changes: n < 2 }, signal, send);
      });
  }
}

/** @returns milliseconds of a question for ten visits */
function askMs(waiting: number): number {
  const { pace = defaultPace } = githubApi;
  const now = Date.now();
  const turns = Array.from({ length: waiting }, (_, n) => ({
    id: `waiting ${n}`,
    at: now + n * 1_000,
    requests: 8,
    changes: 3,
  }));
  const window = { limit: 5_000, remaining: 300, resetAt: now + 60_000, lengthMs: 3_600_000 };
  const state: BudgetState = { ...emptyBudget, window, turns };
  const wanted = Array.from({ length: 10 }, (_, n) => ({ id: `newer ${n}`, requests: 8, changes: 3 }));
  const ask = { worker: 'worker', pace, held: noPermits, report: { spent: noPermits, uncounted: 0 }, wanted };
  const times = Array.from({ length: 50 }, () => {
    const since = performance.now();
    answerAsk(state, ask, now);
    return performance.now() - since;
  });
  return median(times);
}
