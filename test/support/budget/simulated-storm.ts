/**
 * Many visits of several workers to a service with a limit, without Temporal: the workers' own code and the budget's rule, on
 * Jest's fake clock.
 */
import pLimit from 'p-limit';
import { createVisits, type Visits } from '../../../src/activities/budget/visits';
import { accountDigest } from '../../../src/activities/budget/account-digest';
import { answerAsk } from '../../../src/domain/budget/budget';
import { type BudgetState, emptyBudget } from '../../../src/domain/budget/budget-state';
import { faultOfAsk } from '../../../src/domain/budget/budget-message';
import { defaultPace, type Permits } from '../../../src/domain/budget/pace';
import { WindlassError } from '../../../src/domain/errors';
import { delayAfterRateLimit } from '../../../src/domain/retry';
import { type PacedAnswer } from '../../../src/providers/port';
import { noon } from '../events';

/** Visits of one kind. Times are milliseconds. */
export interface VisitKind {
  readonly name: string;
  readonly visits: number;
  /** What they reserve. */
  readonly most: Permits;
  /** What each of them takes, in turn. */
  readonly takes: readonly number[];
  /** Each begins so long after the one before. */
  readonly everyMs: number;
  /** What it does before its first request, as fetching a repository. */
  readonly beforeMs: number;
}

export interface SimulatedStorm {
  readonly workers: number;
  readonly slots: number;
  readonly limit: number;
  readonly windowMs: number;
  /** Of an answer, and of an ask. */
  readonly latencyMs: number;
  readonly kinds: readonly VisitKind[];
}

export interface VisitRecord {
  readonly kind: string;
  readonly beganAt: number;
  readonly endedAt: number;
  /** How often it was sent away. */
  readonly returns: number;
  /** The requests of the visits that began before it, and its own. */
  readonly requestsBefore: number;
}

export interface SimulationResult {
  readonly records: readonly VisitRecord[];
  readonly requests: number;
  readonly violations: number;
  readonly asks: number;
  readonly startedAt: number;
  readonly tookMs: number;
}

const account = 'account';
const host = 'git.example';

/** Uses up Jest's fake timers, which it installs and removes. */
export async function simulate(storm: SimulatedStorm): Promise<SimulationResult> {
  // Computed by a thread, which no fake clock moves.
  await accountDigest(host, account);
  jest.useFakeTimers({ now: noon, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
  try {
    return await run(storm);
  } finally {
    jest.useRealTimers();
  }
}

async function run(storm: SimulatedStorm): Promise<SimulationResult> {
  const { workers, slots, latencyMs, kinds } = storm;
  const service = limitedService(storm);
  let state: BudgetState = emptyBudget;
  let asks = 0;
  const open = (): { readonly visits: Visits; readonly slots: ReturnType<typeof pLimit> } => ({
    slots: pLimit(slots),
    visits: createVisits({
      ask: async (_, ask) => {
        asks += 1;
        expect(faultOfAsk(ask)).toBeUndefined();
        await pause(latencyMs / 2);
        const step = answerAsk(state, ask, Date.now());
        state = step.state;
        await pause(latencyMs / 2);
        return step.answer;
      },
      onFailure: (error) => {
        throw error;
      },
    }),
  });
  const fleet = Array.from({ length: workers }, open);
  const records: VisitRecord[] = [];
  const all = kinds
    .flatMap((kind) =>
      Array.from({ length: kind.visits }, (_, nth) => ({ kind, nth, at: nth * kind.everyMs })),
    )
    .sort((a, b) => a.at - b.at);
  let requestsBefore = 0;
  const work = all.map(async ({ kind, nth, at }) => {
    const takes = kind.takes[nth % kind.takes.length] ?? 1;
    requestsBefore += takes;
    const before = requestsBefore;
    await pause(at);
    for (let attempt = 0; ; attempt++) {
      const worker = fleet[(nth + attempt) % workers];
      const waitMs = await worker?.slots(() =>
        visit(worker.visits, { ...kind, name: `${kind.name} ${nth}` }, takes),
      );
      if (waitMs === undefined) {
        const beganAt = noon + at;
        const times = { beganAt, endedAt: Date.now(), requestsBefore: before };
        return records.push({ kind: kind.name, ...times, returns: attempt });
      }
      await pause(delayAfterRateLimit(waitMs, attempt + 1));
    }
  });
  /** @returns how long to wait, where it is not its turn */
  async function visit(
    visits: Visits,
    { name, most, beforeMs }: VisitKind,
    takes: number,
  ): Promise<number | undefined> {
    await pause(beforeMs);
    try {
      await visits.run(name, most, async (pacer) => {
        for (let n = 0; n < takes; n++) {
          const request = { host, account, pace: defaultPace, changes: n < most.changes };
          await pacer.send(request, new AbortController().signal, service.answer);
        }
      });
      return undefined;
    } catch (error) {
      if (error instanceof WindlassError && error.retryAfterMs !== undefined) return error.retryAfterMs;
      throw error;
    }
  }
  const ended = Promise.all(work);
  while (records.length < all.length) await jest.advanceTimersByTimeAsync(1_000);
  await ended;
  const { requests, violations } = service;
  const tookMs = Math.max(...records.map(({ endedAt }) => endedAt)) - noon;
  return { records, requests: requests(), violations: violations(), asks, startedAt: noon, tookMs };
}

/** As GitHub: a window begins with the first request after the one before has ended, and its end is told in whole seconds. */
function limitedService({ limit, windowMs, latencyMs }: SimulatedStorm) {
  let resetAt = 0;
  let used = 0;
  let requests = 0;
  let violations = 0;
  return {
    requests: () => requests,
    violations: () => violations,
    answer: async (): Promise<{ readonly said: PacedAnswer }> => {
      await pause(latencyMs / 2);
      const now = Date.now();
      if (now >= resetAt) {
        resetAt = now + windowMs;
        used = 0;
      }
      requests += 1;
      used += 1;
      if (used > limit) violations += 1;
      const reset = Math.ceil(resetAt / 1_000) * 1_000;
      const figures = { limit, remaining: Math.max(0, limit - used), resetInMs: reset - now, mark: reset };
      await pause(latencyMs / 2);
      return { said: { isFree: false, isTelling: true, figures } };
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
