/**
 * The budget of one host and credential: who may send how many requests. A pure rule; src/workflows/budget.ts applies it,
 * one ask after the other. See docs/decisions/request-budget.md.
 */
import { type BudgetAnswer, type BudgetAsk } from './budget-message';
import { leastOf, noPermits, type Pace, type Permits, sumOf, timesOf, weightOf } from './pace';
import { reserveOf, type RateWindow, windowAfter, windowAt } from './rate-window';

interface Lease extends Permits {
  readonly grantedAt: number;
  readonly until: number;
}

/** Of a worker that did not report in time: they may have been spent. */
interface Lapsed {
  readonly worker: string;
  readonly requests: number;
  readonly at: number;
}

interface Spent extends Permits {
  readonly at: number;
}

/** Plain data. Times are milliseconds since the epoch. */
export interface BudgetState {
  readonly schema: 1;
  /** Absent: no answer has told one yet. */
  readonly window?: RateWindow;
  /** The service answers without figures. */
  readonly silent?: true;
  readonly stoppedUntil: number;
  /** By worker. */
  readonly leases: Readonly<Record<string, Lease>>;
  readonly lapsed: readonly Lapsed[];
  /** For the limits that no header tells. */
  readonly spent: readonly Spent[];
  /** How many requests a visit takes, on average. */
  readonly perVisit: number;
  /** Until then, the turns of visits that got nothing are taken. */
  readonly bookedUntil: number;
}

export const emptyBudget: BudgetState = {
  schema: 1,
  stoppedUntil: 0,
  leases: {},
  lapsed: [],
  spent: [],
  perVisit: 4,
  bookedUntil: 0,
};

/** A rate limit that one worker meets reaches the others after so long at most. */
const leaseMs = 10_000;
/** For what was on its way when a lease ended. */
const graceMs = 5_000;
/** Others give back what they do not spend within a second or so. */
const soonMs = 1_000;
/** On top of what is wanted, where much is left: spares asking. */
const bonus: Permits = { requests: 40, changes: 10 };
const unknownStepMs = 250;
/** Entries of the same moment are kept as one. */
const spentStepMs = 2_000;

/** @param now milliseconds since the epoch */
export function answerAsk(
  before: BudgetState,
  ask: BudgetAsk,
  now: number,
): { readonly state: BudgetState; readonly answer: BudgetAnswer } {
  const { worker, held, wanted, pace } = ask;
  const reported = afterReport(afterLapses(before, now), ask, now);
  const others = Object.entries(reported.leases).filter(([name]) => name !== worker);
  const active = others.filter(([, { until }]) => until > now).length;
  const atOnce = Math.max(1, Math.floor(pace.atOnce / (active + 1)));
  const grant = grantOf(reported, ask, now);
  const leased = sumOf([held, grant.granted]);
  const stopMs = reported.stoppedUntil - now;
  const isScarce = reported.window !== undefined && !isPlenty(reported.window, reported);
  const state = {
    ...reported,
    leases: {
      ...Object.fromEntries(others),
      ...(leased.requests > 0 ? { [worker]: { ...leased, grantedAt: now, until: now + leaseMs } } : {}),
    },
    bookedUntil: grant.bookedUntil ?? reported.bookedUntil,
  };
  return {
    state,
    answer: {
      granted: grant.granted,
      forMs: leaseMs,
      atOnce,
      ...(grant.isProbe === true ? { isProbe: true } : {}),
      ...(isScarce ? { isScarce: true } : {}),
      ...(stopMs > 0 ? { stopMs } : {}),
      ...(wanted === undefined || grant.wait === undefined ? {} : { wait: grant.wait }),
    },
  };
}

/** The longest that a limit which no header tells may be for. */
const keptMs = 3_600_000;

/** Whether the budget can be forgotten: a new one would learn the same from the next answer. */
export function isIdle({ leases, stoppedUntil, window, spent }: BudgetState, now: number): boolean {
  const isOver =
    (window?.resetAt ?? 0) <= now || (window !== undefined && window.remaining * 2 > window.limit);
  return (
    Object.keys(leases).length === 0 &&
    stoppedUntil <= now &&
    isOver &&
    spent.every(({ at }) => at <= now - keptMs)
  );
}

/** Without what has ended by now. */
export function afterLapses(before: BudgetState, now: number): BudgetState {
  const all = Object.entries(before.leases);
  const ended = all.filter(([, { until }]) => until + graceMs <= now);
  const isNewWindow = before.window !== undefined && now >= before.window.resetAt;
  const lapsed = ended.map(([worker, { requests, until }]) => ({ worker, requests, at: until }));
  const window = windowAt(before.window, now);
  return {
    ...before,
    ...(window === undefined ? {} : { window }),
    leases: Object.fromEntries(all.filter((each) => !ended.includes(each))),
    lapsed: [...(isNewWindow ? [] : before.lapsed), ...lapsed],
    spent: addSpent(before.spent, sumOf(ended.map(([, lease]) => lease)), now),
  };
}

function afterReport(before: BudgetState, { worker, report, pace }: BudgetAsk, now: number): BudgetState {
  const { spent, visits, figures, silent, stopMs = 0 } = report;
  const since = before.leases[worker]?.grantedAt ?? 0;
  const window = windowAfter(before.window, report, now);
  const longestMs = Math.max(0, ...pace.limits.map(({ perMs }) => perMs));
  return {
    ...before,
    ...(window === undefined ? {} : { window }),
    ...(silent === true && window === undefined ? { silent } : {}),
    stoppedUntil: Math.max(before.stoppedUntil, now + stopMs),
    // Answers to what was sent after a lapse count what was spent before it.
    lapsed: before.lapsed.filter(
      (each) => each.worker !== worker && (figures === undefined || each.at >= since),
    ),
    spent: addSpent(before.spent, spent, now).filter(({ at }) => at > now - longestMs),
    perVisit:
      visits === 0
        ? before.perVisit
        : Math.min(Math.max(0.8 * before.perVisit + (0.2 * spent.requests) / visits, 1), 50),
  };
}

function addSpent(before: readonly Spent[], { requests, changes }: Permits, now: number): readonly Spent[] {
  if (requests === 0) return before;
  const last = before.at(-1);
  if (last === undefined || now - last.at > spentStepMs) return [...before, { at: now, requests, changes }];
  return [...before.slice(0, -1), { at: now, ...sumOf([last, { requests, changes }]) }];
}

interface Grant {
  readonly granted: Permits;
  readonly isProbe?: true;
  readonly wait?: BudgetAnswer['wait'];
  readonly bookedUntil?: number;
}

function grantOf(state: BudgetState, ask: BudgetAsk, now: number): Grant {
  const { wanted, pace } = ask;
  if (wanted === undefined || wanted.visits === 0) return { granted: noPermits };
  if (state.stoppedUntil > now) return bookFrom(state, ask, state.stoppedUntil, wanted.visits, now);
  if (state.window === undefined && state.silent !== true) return probe(state, ask);
  const each = withinCapacity(wanted.each, state, pace);
  const taken = takenBy(state, ask);
  const served = visitsThatFit(wanted.visits, each, state, pace, taken, now);
  const granted = timesOf(served, each);
  const withBonus = sumOf([granted, bonus]);
  const isMuch = state.window === undefined || isPlenty(state.window, state);
  if (served === wanted.visits) {
    const isGiven = isMuch && fits(sumOf([taken, withBonus]), state, pace, now);
    return { granted: isGiven ? withBonus : granted };
  }
  const away = wanted.visits - served;
  // What others hold will come back in part.
  if (fits(each, state, pace, now)) {
    return { granted, wait: { ms: soonMs, stepMs: unknownStepMs } };
  }
  return bookFrom(state, ask, freeAt(state, each, pace, now), away, now, granted);
}

/** One worker asks the service first. */
function probe(state: BudgetState, ask: BudgetAsk): Grant {
  const isAsked = takenBy(state, ask).requests > 0;
  const wait = { ms: soonMs, stepMs: 0 };
  if (isAsked) return { granted: noPermits, wait };
  return { granted: { requests: 1, changes: 1 }, isProbe: true, wait };
}

/** Everything that is granted and not reported, with what may have been spent without a report. */
function takenBy({ leases, lapsed }: BudgetState, { worker, held }: BudgetAsk): Permits {
  const others = Object.entries(leases).filter(([name]) => name !== worker);
  const lost = lapsed.map(({ requests }) => ({ requests, changes: 0 }));
  return sumOf([held, ...others.map(([, lease]) => lease), ...lost]);
}

function fits(permits: Permits, { window, spent }: BudgetState, pace: Pace, now: number): boolean {
  if (window !== undefined && permits.requests > window.remaining - reserveOf(window)) return false;
  return pace.limits.every((limit) => {
    const recent = spent.filter(({ at }) => at > now - limit.perMs);
    return weightOf(limit, sumOf([permits, ...recent])) <= limit.most;
  });
}

/** Half of what is left at most, so that another worker's visits find something. */
function visitsThatFit(
  visits: number,
  each: Permits,
  state: BudgetState,
  pace: Pace,
  taken: Permits,
  now: number,
): number {
  const { window } = state;
  const left = window === undefined ? Infinity : window.remaining - reserveOf(window) - taken.requests;
  const share = Math.max(1, Math.floor(left / 2 / Math.max(1, each.requests)));
  for (let n = Math.min(visits, share); n > 0; n--) {
    if (fits(sumOf([taken, timesOf(n, each)]), state, pace, now)) return n;
  }
  return 0;
}

/** No visit may need more than there ever is. */
function withinCapacity(each: Permits, { window }: BudgetState, { limits }: Pace): Permits {
  const requests = window === undefined ? Infinity : Math.max(1, window.limit - reserveOf(window));
  const changes = limits.map(({ most, change }) => (change > 0 ? Math.floor(most / change) : Infinity));
  const reads = limits.map(({ most, read, change }) =>
    read > 0 ? Math.floor(most / Math.max(read, change)) : Infinity,
  );
  return leastOf(each, { requests: Math.min(requests, ...reads), changes: Math.min(...changes, Infinity) });
}

function isPlenty(window: RateWindow, { leases }: BudgetState): boolean {
  const { requests } = sumOf(Object.values(leases));
  return window.remaining - requests > window.limit / 2 && window.limit > 10 * bonus.requests;
}

/** When the next visit fits, most probably. */
function freeAt(state: BudgetState, each: Permits, pace: Pace, now: number): number {
  const { window, spent } = state;
  if (window !== undefined && each.requests > window.remaining - reserveOf(window)) return window.resetAt;
  const full = pace.limits.filter((limit) => {
    const recent = spent.filter(({ at }) => at > now - limit.perMs);
    return weightOf(limit, sumOf([each, ...recent])) > limit.most;
  });
  const firstLeaves = full.map(({ perMs }) => (spent.find(({ at }) => at > now - perMs)?.at ?? now) + perMs);
  return Math.max(now + soonMs, ...firstLeaves);
}

/** Gives the visits that got nothing turns at different times, after those that were given before. */
function bookFrom(
  state: BudgetState,
  { pace, wanted }: BudgetAsk,
  from: number,
  visits: number,
  now: number,
  granted: Permits = noPermits,
): Grant {
  const changes = wanted?.each.changes ?? 0;
  const { window, perVisit } = state;
  const steps = pace.limits.map(
    (limit) =>
      (limit.perMs / limit.most) *
      weightOf(limit, { requests: Math.max(perVisit, changes / 2), changes: changes / 2 }),
  );
  if (window !== undefined) {
    steps.push((perVisit * window.lengthMs) / Math.max(1, window.limit - reserveOf(window)));
  }
  const stepMs = Math.ceil(Math.max(unknownStepMs / 5, ...(steps.length === 0 ? [unknownStepMs] : steps)));
  const at = Math.max(from, state.bookedUntil);
  return { granted, wait: { ms: at - now, stepMs }, bookedUntil: at + visits * stepMs };
}
