/** What this worker may send to one host with one credential: it has its own share of what all workers have. */
import pLimit from 'p-limit';
import { answerAsk } from '../../domain/budget/budget';
import { type BudgetState, emptyBudget } from '../../domain/budget/budget-state';
import { type BudgetAnswer, type BudgetAsk, mostWanted } from '../../domain/budget/budget-message';
import { leastOf, noPermits, type Pace, type Permits, sumOf } from '../../domain/budget/pace';
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
  /** The visit, the same whenever it is tried. */
  readonly id: string;
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
/** While requests are scarce, others wait for what the visits of this time have left. */
const giveBackMs = 500;

export function openCredentialBudget(surroundings: BudgetSurroundings): CredentialBudget {
  const { host, worker, pace } = surroundings;
  const limit = pLimit(pace.atOnce);
  const queue: WaitingVisit[] = [];
  const report = openReport();
  /** For its own budget, while the others do not answer. */
  const ownReport = openReport();
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
  /** Its part of the requests at once when the others answered last; of the published limits, it is the same. */
  let part = 1;
  let askedAt = 0;
  let askAgainAt = 0;
  let isScarce = false;
  /** There is a rate limit to report. */
  let isUrgent = false;
  let asking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reportTimer: NodeJS.Timeout | undefined;

  const take = (need: Permits): void => {
    pool = minus(pool, need);
    held = sumOf([held, need]);
  };
  const canServe = (need: Permits): boolean =>
    !isScarce && Date.now() < leasedUntil && pool.requests >= need.requests && pool.changes >= need.changes;

  function serve(): void {
    for (let next = queue[0]; next !== undefined && Date.now() >= stoppedUntil; next = queue[0]) {
      if (!canServe(next.need)) return;
      queue.shift();
      take(next.need);
      next.resolve(next.need);
    }
  }

  /** Lets in those whose turn it is, and sends away those that would wait for too long. */
  function giveTurns(asked: readonly WaitingVisit[], { turns, isProbe }: BudgetAnswer): void {
    const now = Date.now();
    const waits: number[] = [];
    asked.forEach((visit, index) => {
      const place = queue.indexOf(visit);
      const dueMs = turns[index] ?? leastPauseMs;
      if (place < 0) return;
      if (dueMs > 0 && now + dueMs - visit.since <= visit.patienceMs) {
        waits.push(dueMs);
        return;
      }
      queue.splice(place, 1);
      if (dueMs > 0) {
        visit.reject(rateLimitedUntil(host, dueMs));
        return;
      }
      const granted = isProbe === true ? { requests: 1, changes: 1 } : leastOf(visit.need, pool);
      take(granted);
      visit.resolve(granted);
    });
    const hasCome = queue.length > waits.length;
    if (queue.length === 0) askAgainAt = 0;
    else askAgainAt = now + Math.max(hasCome ? 0 : Math.min(...waits), leastPauseMs);
  }

  async function exchangeWithOthers(): Promise<void> {
    const asked = queue.slice(0, mostWanted);
    const wanted = asked.map(({ id, need, begun }) => ({ id, ...need, ...(begun ? { begun } : {}) }));
    isUrgent = false;
    pool = noPermits;
    askedAt = Date.now();
    clearTimeout(reportTimer);
    reportTimer = undefined;
    const answer = await answerTo({
      worker,
      pace,
      held,
      ...(wanted.length === 0 ? {} : { wanted }),
    });
    pool = answer.granted;
    // From when it was asked, since the others may have granted it so early.
    leasedUntil = askedAt + answer.forMs;
    stoppedUntil = Math.max(stoppedUntil, Date.now() + (answer.stopMs ?? 0));
    limit.concurrency = Math.max(1, answer.atOnce);
    isScarce = answer.isScarce === true;
    giveTurns(asked, answer);
    serve();
    if (isScarce && wanted.length > 0 && pool.requests > 0) reportSoon();
  }

  /** Without the others, by what this worker sees itself: promotions never wait for Temporal. */
  async function answerTo(ask: Omit<BudgetAsk, 'report'>): Promise<BudgetAnswer> {
    if (Date.now() >= aloneUntil) {
      const sent = report.take();
      const seen = ownReport.take();
      try {
        const answer = await surroundings.ask({ ...ask, report: sent.report });
        own = undefined;
        part = Math.min(1, answer.atOnce / pace.atOnce);
        return answer;
      } catch (error) {
        // The others learn later what was spent.
        sent.restore();
        seen.restore();
        surroundings.onFailure(error);
        aloneUntil = Date.now() + aloneMs;
        askedAt = Date.now();
      }
    }
    const asked = { ...ask, pace: paceOfPart(pace, part), report: ownReport.take().report };
    const { state, answer } = answerAsk(own ?? emptyBudget, asked, Date.now());
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
  function reportSoon(): void {
    reportTimer ??= setTimeout(() => {
      reportTimer = undefined;
      if (queue.length === 0) void askNow();
    }, giveBackMs).unref();
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
    for (const each of [report, ownReport]) each.add(changes, said);
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
    reserve(need, { id, begun, patienceMs, signal }) {
      signal.throwIfAborted();
      const { visit, granted } = waitFor({ id, need, begun, patienceMs }, signal, () => {
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
      if (isScarce) reportSoon();
      else if (Date.now() < leasedUntil && Date.now() >= stoppedUntil) pool = sumOf([pool, unspent]);
      pump();
    },
  };
}

/** What each worker may send if all have the same part. */
function paceOfPart({ atOnce, limits }: Pace, part: number): Pace {
  const partOfLimit = (most: number): number => Math.max(1, Math.floor(most * part));
  return {
    atOnce: partOfLimit(atOnce),
    limits: limits.map((limit) => ({ ...limit, most: partOfLimit(limit.most) })),
  };
}

function minus(a: Permits, b: Permits): Permits {
  return {
    requests: Math.max(0, a.requests - b.requests),
    changes: Math.max(0, a.changes - b.changes),
  };
}
