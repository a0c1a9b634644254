/**
 * The budget of one host and credential: who may send how many requests. A pure rule; src/workflows/budget.ts applies it,
 * one ask after the other. See docs/decisions/request-budget.md.
 */
import { allowancesOf, type Spent } from './allowances';
import { type BudgetAnswer, type BudgetAsk } from './budget-message';
import { leastOf, noPermits, type Pace, partOf, type Permits, sumOf } from './pace';
import { reserveOf, type RateWindow, windowAfter, windowAt } from './rate-window';
import { canBegin, keptTurns, placeOf, soonMs, type Turn, turnOf, withoutTurn, withTurn } from './turns';

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
  /** What was granted to visits, and what they spent of it; the older, the less it counts. */
  readonly usual: { readonly granted: Permits; readonly spent: Permits };
  /** The visits that got nothing, first come first. */
  readonly turns: readonly Turn[];
}

export const emptyBudget: BudgetState = {
  schema: 1,
  stoppedUntil: 0,
  leases: {},
  lapsed: [],
  spent: [],
  usual: { granted: { requests: 8, changes: 3 }, spent: { requests: 6, changes: 2 } },
  turns: [],
};

/** A rate limit that one worker meets reaches the others after so long at most. */
const leaseMs = 10_000;
/** For what was on its way when a lease ended. */
const graceMs = 5_000;
/** On top of what is wanted, where much is left: spares asking. */
const bonus: Permits = { requests: 40, changes: 10 };
/** So many requests tell what part of its grant a visit spends. */
const usualOf = 400;
const half: Permits = { requests: 0.5, changes: 0.5 };
/** Entries of the same moment are kept as one. */
const spentStepMs = 2_000;

/** @param now milliseconds since the epoch */
export function answerAsk(
  before: BudgetState,
  ask: BudgetAsk,
  now: number,
): { readonly state: BudgetState; readonly answer: BudgetAnswer } {
  const { worker, held, pace } = ask;
  const reported = afterReport(afterLapses(before, now), ask, now);
  const others = Object.entries(reported.leases).filter(([name]) => name !== worker);
  const active = others.filter(([, { until }]) => until > now).length;
  const atOnce = Math.max(1, Math.floor(pace.atOnce / (active + 1)));
  const grant = grantOf(reported, ask, now);
  const leased = sumOf([held, grant.granted]);
  const stopMs = reported.stoppedUntil - now;
  const isScarce = grant.line.length > 0 || !isPlenty(reported);
  const state = {
    ...reported,
    leases: {
      ...Object.fromEntries(others),
      ...(leased.requests > 0 ? { [worker]: { ...leased, grantedAt: now, until: now + leaseMs } } : {}),
    },
    turns: grant.line,
    usual: usualAfter(reported.usual, grant.begun, noPermits),
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
      turns: grant.turns,
    },
  };
}

/** The longest that a limit which no header tells may be for. */
const keptMs = 3_600_000;

/** Whether the budget can be forgotten: a new one would learn the same from the next answer. */
export function isIdle({ leases, stoppedUntil, window, spent, turns }: BudgetState, now: number): boolean {
  const isOver =
    (window?.resetAt ?? 0) <= now || (window !== undefined && window.remaining * 2 > window.limit);
  return (
    Object.keys(leases).length === 0 &&
    turns.length === 0 &&
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
    turns: keptTurns(before.turns, now),
  };
}

function afterReport(before: BudgetState, { worker, report, pace }: BudgetAsk, now: number): BudgetState {
  const { spent, figures, silent, stopMs = 0 } = report;
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
    usual: usualAfter(before.usual, noPermits, spent),
  };
}

function usualAfter(before: BudgetState['usual'], granted: Permits, spent: Permits): BudgetState['usual'] {
  const sums = { granted: sumOf([before.granted, granted]), spent: sumOf([before.spent, spent]) };
  if (sums.granted.requests <= usualOf) return sums;
  return { granted: partOf(sums.granted, half), spent: partOf(sums.spent, half) };
}

function addSpent(before: readonly Spent[], { requests, changes }: Permits, now: number): readonly Spent[] {
  if (requests === 0) return before;
  const last = before.at(-1);
  if (last === undefined || now - last.at > spentStepMs) return [...before, { at: now, requests, changes }];
  return [...before.slice(0, -1), { at: now, ...sumOf([last, { requests, changes }]) }];
}

interface Grant {
  /** With a bonus. */
  readonly granted: Permits;
  /** What the visits that can begin need. */
  readonly begun: Permits;
  readonly isProbe?: true;
  readonly turns: readonly number[];
  readonly line: readonly Turn[];
}

function grantOf(state: BudgetState, ask: BudgetAsk, now: number): Grant {
  const { wanted = [], pace } = ask;
  const { stoppedUntil, usual } = state;
  const part = partSpent(usual);
  const isKnown = state.window !== undefined || state.silent === true;
  if (!isKnown && stoppedUntil <= now) return probe(state, ask);
  const allowances = allowancesOf(state, pace, now);
  const before = takenBy(state, ask);
  const turns = wanted.map(() => 0);
  let line = state.turns;
  let granted = noPermits;
  const rankOf = (index: number): number =>
    wanted[index]?.begun === true ? -1 : placeOf(state.turns, wanted[index]?.id ?? '');
  for (const index of [...wanted.keys()].sort((a, b) => rankOf(a) - rankOf(b))) {
    const visit = wanted[index];
    if (visit === undefined) continue;
    const { id, begun } = visit;
    const place = placeOf(line, id);
    const demand = {
      need: withinCapacity(visit, state, pace),
      part,
      taken: sumOf([before, granted]),
      ahead: begun === true ? [] : line.slice(0, place),
      stoppedUntil,
    };
    if (stoppedUntil <= now && canBegin(demand, allowances, now)) {
      granted = sumOf([granted, demand.need]);
      line = withoutTurn(line, id);
      continue;
    }
    // One that is early keeps its turn.
    const known = line[place]?.at ?? now;
    const at = known > now ? known : turnOf(demand, allowances, now);
    turns[index] = at - now;
    if (begun !== true) line = withTurn(line, { id, at, ...demand.need });
  }
  const rest = { need: bonus, part, taken: sumOf([before, granted]), ahead: line, stoppedUntil };
  const isMore = granted.requests > 0 && line.length === 0 && isPlenty(state) && canBegin(rest, allowances, now);
  return { granted: isMore ? sumOf([granted, bonus]) : granted, begun: granted, turns, line };
}

/** One worker asks the service first. */
function probe(state: BudgetState, ask: BudgetAsk): Grant {
  const { wanted = [] } = ask;
  const isAsked = takenBy(state, ask).requests > 0 || wanted.length === 0;
  return {
    granted: isAsked ? noPermits : { requests: 1, changes: 1 },
    begun: noPermits,
    ...(isAsked ? {} : { isProbe: true }),
    turns: wanted.map((_, index) => (index === 0 && !isAsked ? 0 : soonMs)),
    line: state.turns,
  };
}

/** Everything that is granted and not reported, with what may have been spent without a report. */
function takenBy({ leases, lapsed }: BudgetState, { worker, held }: BudgetAsk): Permits {
  const others = Object.entries(leases).filter(([name]) => name !== worker);
  const lost = lapsed.map(({ requests }) => ({ requests, changes: 0 }));
  return sumOf([held, ...others.map(([, lease]) => lease), ...lost]);
}

function partSpent({ granted, spent }: BudgetState['usual']): Permits {
  const of = (whole: number, part: number): number => Math.min(1, part / Math.max(1, whole));
  return { requests: of(granted.requests, spent.requests), changes: of(granted.changes, spent.changes) };
}

/** No visit may need more than there ever is. */
function withinCapacity({ requests, changes }: Permits, { window }: BudgetState, { limits }: Pace): Permits {
  const most = window === undefined ? Infinity : Math.max(1, window.limit - reserveOf(window));
  const mostChanges = limits.map((limit) => (limit.change > 0 ? Math.floor(limit.most / limit.change) : Infinity));
  const reads = limits.map(({ most: all, read, change }) =>
    read > 0 ? Math.floor(all / Math.max(read, change)) : Infinity,
  );
  return leastOf(
    { requests, changes },
    { requests: Math.min(most, ...reads), changes: Math.min(...mostChanges, Infinity) },
  );
}

/** Whether what a worker does not spend may wait for its next visit. */
function isPlenty({ window, leases }: BudgetState): boolean {
  if (window === undefined) return true;
  const { requests } = sumOf(Object.values(leases));
  return window.remaining - requests > window.limit / 2 && window.limit > 10 * bonus.requests;
}
