/** What this worker may send to one host with one credential: it has its own share of what all workers have. */
import pLimit from 'p-limit';
import { answerAsk, type BudgetState, emptyBudget } from '../../domain/budget/budget';
import { type BudgetAnswer, type BudgetAsk } from '../../domain/budget/budget-message';
import { noPermits, type Pace, type Permits, sumOf } from '../../domain/budget/pace';
import { type RateWindow } from '../../domain/budget/rate-window';
import { type PacedAnswer } from '../../providers/port';
import { openReport } from './budget-report';
import { rateLimitedUntil, type WaitingVisit, waitFor } from './waiting-visit';

export interface CredentialBudget {
  readonly host: string;
  /**
   * Waits until so many requests may be sent. It may be given fewer, but at least one.
   * @param patienceMs it fails at once where it would wait longer, since it holds one of the worker's slots
   * @throws WindlassError rate-limited; the signal's reason
   */
  reserve(need: Permits, options: ReserveOptions): Promise<Permits>;
  /** Sends one of the requests that were reserved. */
  send<T extends { readonly said: PacedAnswer }>(
    changes: boolean,
    signal: AbortSignal,
    send: () => Promise<T>,
  ): Promise<T>;
  /** Gives back what a visit did not spend. */
  release(unspent: Permits): void;
  /** What the service said last. */
  remaining(): number | undefined;
}

export interface ReserveOptions {
  /** The visit has sent some of its requests already. */
  readonly begun: boolean;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

export interface BudgetSurroundings {
  readonly host: string;
  readonly worker: string;
  readonly pace: Pace;
  /** Asks the budget of all workers. */
  ask(ask: BudgetAsk): Promise<BudgetAnswer>;
  /** It did not answer: for a while, this worker has a budget of its own. */
  onFailure(error: unknown): void;
}

/** After a failure, for so long the others are not asked. */
const aloneMs = 60_000;
/** The shortest time between two asks. */
const leastPauseMs = 100;

export function openCredentialBudget(surroundings: BudgetSurroundings): CredentialBudget {
  const { host, worker, pace } = surroundings;
  const limit = pLimit(pace.atOnce);
  const queue: WaitingVisit[] = [];
  const report = openReport();
  /** Granted, and of no visit. */
  let pool = noPermits;
  /** Of visits. */
  let held = noPermits;
  // Milliseconds since the epoch.
  let leasedUntil = 0;
  let stoppedUntil = 0;
  let aloneUntil = 0;
  /** What it knows while it is alone. */
  let own: BudgetState | undefined;
  let askedAt = 0;
  let askAgainAt = 0;
  /** There is a rate limit to report. */
  let isUrgent = false;
  let asking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const take = (need: Permits): void => {
    pool = minus(pool, need);
    held = sumOf([held, need]);
  };
  const canServe = (need: Permits): boolean =>
    Date.now() < leasedUntil && pool.requests >= need.requests && pool.changes >= need.changes;

  function serve(): void {
    for (let next = queue[0]; next !== undefined && Date.now() >= stoppedUntil; next = queue[0]) {
      if (!canServe(next.need)) return;
      queue.shift();
      take(next.need);
      next.resolve(next.need);
    }
  }

  /** Sends away the visits that would wait for too long, at different times, so that they do not return together. */
  function sendAway({ ms, stepMs }: { readonly ms: number; readonly stepMs: number }): void {
    const now = Date.now();
    askAgainAt = now + Math.max(ms, leastPauseMs);
    const waiting = queue.splice(0);
    waiting.forEach((visit, index) => {
      const dueMs = ms + index * stepMs;
      if (now + dueMs - visit.since > visit.patienceMs) visit.reject(rateLimitedUntil(host, dueMs));
      else queue.push(visit);
    });
  }

  async function exchangeWithOthers(): Promise<void> {
    const wanted =
      queue.length === 0 ? undefined : { visits: Math.min(queue.length, 100), each: largest(queue) };
    isUrgent = false;
    pool = noPermits;
    askedAt = Date.now();
    const sent = report.take();
    const answer = await answerTo({
      worker,
      pace,
      report: sent.report,
      held,
      ...(wanted === undefined ? {} : { wanted }),
    });
    pool = answer.granted;
    // From when it was asked, since the others may have granted it so early.
    leasedUntil = askedAt + answer.forMs;
    stoppedUntil = Math.max(stoppedUntil, Date.now() + (answer.stopMs ?? 0));
    limit.concurrency = Math.max(1, answer.atOnce);
    const [first] = queue;
    if (answer.isProbe === true && first !== undefined) {
      queue.shift();
      take({ requests: 1, changes: 1 });
      first.resolve({ requests: 1, changes: 1 });
    }
    serve();
    if (queue.length > 0) sendAway(answer.wait ?? { ms: leastPauseMs, stepMs: 0 });
    reportLater(answer.isScarce === true);
  }

  /** Without the others, by what this worker sees itself: promotions never wait for Temporal. */
  async function answerTo(ask: BudgetAsk): Promise<BudgetAnswer> {
    if (Date.now() >= aloneUntil) {
      try {
        const answer = await surroundings.ask(withFigures(ask, own?.window));
        own = undefined;
        return answer;
      } catch (error) {
        surroundings.onFailure(error);
        aloneUntil = Date.now() + aloneMs;
        askedAt = Date.now();
      }
    }
    const { state, answer } = answerAsk(own ?? emptyBudget, ask, Date.now());
    own = state;
    return answer;
  }

  function askNow(): Promise<void> {
    asking ??= exchangeWithOthers().finally(() => {
      asking = undefined;
      if (isUrgent) void askNow();
      else pump();
    });
    return asking;
  }

  function pump(): void {
    serve();
    if (queue.length === 0 || asking !== undefined) return;
    const now = Date.now();
    if (now >= askAgainAt) void askNow();
    else wakeIn(askAgainAt - now);
  }

  function wakeIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(pump, ms).unref();
  }

  /** What others could use is given back even if nothing more is sent. */
  function reportLater(isScarce: boolean): void {
    if (queue.length > 0 || !isScarce) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (queue.length > 0) pump();
      else if (report.hasNews() || pool.requests > 0) void askNow();
    }, leasedUntil - Date.now()).unref();
  }

  async function mayBegin(signal: AbortSignal): Promise<void> {
    // A pause between the requests of a visit was longer than the grant.
    if (Date.now() >= leasedUntil) await askNow();
    signal.throwIfAborted();
    const waitMs = stoppedUntil - Date.now();
    if (waitMs > 0) throw rateLimitedUntil(host, waitMs);
  }

  function heard(changes: boolean, said: PacedAnswer | undefined): void {
    const wasKnown = report.isKnown();
    report.add(changes, said);
    if (said?.stopMs !== undefined) {
      stoppedUntil = Math.max(stoppedUntil, Date.now() + said.stopMs);
      pool = noPermits;
      // It is for all workers.
      if (asking === undefined) void askNow();
      else isUrgent = true;
    } else if (!wasKnown && queue.length > 0) {
      askAgainAt = 0;
      pump();
    }
  }

  return {
    host,
    remaining: () => report.remaining(),
    reserve(need, { begun, patienceMs, signal }) {
      signal.throwIfAborted();
      const { visit, granted } = waitFor(need, patienceMs, signal, () => {
        const at = queue.indexOf(visit);
        if (at >= 0) queue.splice(at, 1);
      });
      if (begun) queue.unshift(visit);
      else queue.push(visit);
      // Those that wait already know when to ask again; this one does not. Visits that begin together ask once.
      askAgainAt = Math.min(askAgainAt, askedAt + leastPauseMs);
      queueMicrotask(pump);
      return granted;
    },
    send(changes, signal, send) {
      const one = { requests: 1, changes: changes ? 1 : 0 };
      return limit(async () => {
        try {
          await mayBegin(signal);
        } catch (error) {
          held = minus(held, one);
          throw error;
        }
        let said: PacedAnswer | undefined;
        try {
          const answer = await send();
          said = answer.said;
          return answer;
        } finally {
          // While it was on its way, it was held.
          if (said?.isFree !== true) held = minus(held, one);
          heard(changes, said);
        }
      });
    },
    release(unspent) {
      held = minus(held, unspent);
      if (Date.now() < leasedUntil && Date.now() >= stoppedUntil) pool = sumOf([pool, unspent]);
      report.visitEnded();
      pump();
    },
  };
}

/** What was learned alone. */
function withFigures(ask: BudgetAsk, window: RateWindow | undefined): BudgetAsk {
  if (window === undefined || window.assumedSince !== undefined) return ask;
  const { limit, remaining, resetAt, mark } = window;
  const resetInMs = Math.max(0, resetAt - Date.now());
  const figures = { limit, remaining, resetInMs, ...(mark === undefined ? {} : { mark }) };
  return { ...ask, report: { figures, ...ask.report } };
}

function minus(a: Permits, b: Permits): Permits {
  return {
    requests: Math.max(0, a.requests - b.requests),
    changes: Math.max(0, a.changes - b.changes),
  };
}

function largest(queue: readonly WaitingVisit[]): Permits {
  return {
    requests: Math.max(...queue.map(({ need }) => need.requests)),
    changes: Math.max(...queue.map(({ need }) => need.changes)),
  };
}
