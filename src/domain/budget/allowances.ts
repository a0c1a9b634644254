/** What the limits of a credential leave, in one form for those that headers tell and those that a service publishes. */
import { type Pace, type Permits, sumOf, weightOf } from './pace';
import { reserveOf, type RateWindow } from './rate-window';

export interface Spent extends Permits {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of a worker that did not report in time: they may have been spent, which the window's next figures tell. */
export interface Lapsed {
  readonly worker: string;
  readonly requests: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of one limit. Amounts are in its own unit: requests, or points. */
export interface Allowance {
  /** What can be granted now, as far as nothing of it is granted. */
  readonly left: number;
  /** What can be granted when an answer has confirmed that it is there. */
  readonly whole: number;
  /** Turns before this moment are covered by `whole`. Milliseconds since the epoch. */
  readonly until: number;
  /** When there is more. */
  readonly freeAt: number;
  /** In how many milliseconds one more is allowed, on average. */
  readonly msEach: number;
  readonly amountOf: (permits: Permits) => number;
}

/** Of a window of which no answer has come yet: others may have used it already. */
const unconfirmed = { least: 20, share: 0.5 };

/** @param now milliseconds since the epoch */
export function allowancesOf(
  {
    window,
    spent,
    lapsed,
  }: { readonly window?: RateWindow; readonly spent: readonly Spent[]; readonly lapsed: readonly Lapsed[] },
  { limits }: Pace,
  now: number,
): readonly Allowance[] {
  const ofLimits = limits.map((limit): Allowance => {
    const recent = spent.filter(({ at }) => at > now - limit.perMs);
    const left = limit.most - weightOf(limit, sumOf(recent));
    return {
      left,
      whole: left,
      until: now + limit.perMs,
      freeAt: (recent[0]?.at ?? now) + limit.perMs,
      msEach: limit.perMs / limit.most,
      amountOf: (permits) => weightOf(limit, permits),
    };
  });
  return window === undefined ? ofLimits : [ofWindow(window, lapsed), ...ofLimits];
}

function ofWindow(window: RateWindow, lapsed: readonly Lapsed[]): Allowance {
  const { limit, remaining, resetAt, lengthMs, assumedSince } = window;
  const all = remaining - reserveOf(window);
  const lost = lapsed.reduce((sum, { requests }) => sum + requests, 0);
  const { least, share } = unconfirmed;
  return {
    left: (assumedSince === undefined ? all : Math.max(all * share, Math.min(all, least))) - lost,
    whole: all - lost,
    until: resetAt,
    freeAt: resetAt,
    msEach: lengthMs / Math.max(1, limit - reserveOf(window)),
    amountOf: ({ requests }) => requests,
  };
}
