/**
 * The budget of one host and credential: who may send how many requests. A pure rule; src/workflows/budget.ts applies it,
 * one ask after the other. See docs/decisions/request-budget.md.
 */
import { type Spent } from './allowances';
import { type BudgetAnswer, type BudgetAsk } from './budget-message';
import { type BudgetState } from './budget-state';
import { grantOf, isPlenty } from './grants';
import { longestLimitMs, noPermits, partOf, type Permits, sumOf } from './pace';
import { longestMs, windowAfter, windowAt } from './rate-window';
import { keptTurns } from './turns';

/** A rate limit that one worker meets reaches the others after so long at most. */
const leaseMs = 10_000;
/** For what was on its way when a lease ended. */
const graceMs = 5_000;
/** So many requests tell what part of its grant a visit spends. */
const usualOf = 400;
const half: Permits = { requests: 0.5, changes: 0.5 };
/** What is spent within such a step is kept as one, as of its end. */
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

/** Whether the budget can be forgotten: a new one would learn the same from the next answer. */
export function isIdle({ leases, stoppedUntil, window, spent, turns }: BudgetState, now: number): boolean {
  const isOver =
    (window?.resetAt ?? 0) <= now || (window !== undefined && window.remaining * 2 > window.limit);
  return (
    Object.keys(leases).length === 0 &&
    turns.length === 0 &&
    stoppedUntil <= now &&
    isOver &&
    spent.every(({ at }) => at <= now - longestLimitMs)
  );
}

/** Without what has ended by now. */
export function afterLapses(before: BudgetState, now: number): BudgetState {
  const all = Object.entries(before.leases);
  const ended = all.filter(([, { until }]) => until + graceMs <= now);
  const lapsed = ended.map(([worker, { requests, until }]) => ({ worker, requests, at: until }));
  const window = windowAt(before.window, now);
  const endedAt = window?.assumedSince ?? 0;
  return {
    ...before,
    ...(window === undefined ? {} : { window }),
    leases: Object.fromEntries(all.filter((each) => !ended.includes(each))),
    lapsed: window === undefined ? [] : [...before.lapsed, ...lapsed].filter(({ at }) => at > endedAt),
    spent: addSpent(before.spent, sumOf(ended.map(([, lease]) => lease)), now),
    turns: keptTurns(before.turns, now),
  };
}

function afterReport(before: BudgetState, { worker, report, pace }: BudgetAsk, now: number): BudgetState {
  const { spent, figures, silent, stopMs = 0 } = report;
  const since = before.leases[worker]?.grantedAt ?? 0;
  const window = windowAfter(before.window, report, now);
  // Without such limits, nothing is kept, nor what the step of this moment has.
  const keptMs = Math.max(-spentStepMs, ...pace.limits.map(({ perMs }) => perMs));
  return {
    ...before,
    ...(window === undefined ? {} : { window }),
    ...(silent === true && window === undefined ? { silent } : {}),
    stoppedUntil: Math.max(before.stoppedUntil, now + Math.min(stopMs, longestMs)),
    // Answers to what was sent after a lapse count what was spent before it.
    lapsed: before.lapsed.filter(
      (each) => each.worker !== worker && (figures === undefined || each.at >= since),
    ),
    spent: addSpent(before.spent, spent, now).filter(({ at }) => at > now - keptMs),
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
  // A fixed moment: one that moves with each report would never be over.
  const at = Math.ceil(now / spentStepMs) * spentStepMs;
  if (last?.at !== at) return [...before, { at, requests, changes }];
  return [...before.slice(0, -1), { at, ...sumOf([last, { requests, changes }]) }];
}
