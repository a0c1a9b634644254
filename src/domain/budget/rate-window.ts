import { type BudgetReport } from './budget-message';

/** The window that a service's limit is for, as far as its headers said. Times are milliseconds since the epoch. */
export interface RateWindow {
  readonly limit: number;
  /** What the headers said last, so without the requests that are granted and not reported yet. */
  readonly remaining: number;
  readonly resetAt: number;
  /** The longest time until a reset that was seen. */
  readonly lengthMs: number;
  /** The end of the window before, where no answer of this one has come yet. */
  readonly assumedSince?: number;
}

/** Answers of the same window differ by as much, for clocks tick in seconds and answers travel. */
function toleranceMs({ lengthMs }: RateWindow): number {
  return Math.min(Math.max(2_000, lengthMs / 20), 30_000);
}

/** The window of this moment: one that has ended is followed by one in which everything remains. */
export function windowAt(window: RateWindow | undefined, now: number): RateWindow | undefined {
  if (window === undefined || now < window.resetAt) return window;
  const { limit, lengthMs, resetAt } = window;
  return { limit, remaining: limit, lengthMs, resetAt: now + lengthMs, assumedSince: resetAt };
}

/** @param window of this moment */
export function windowAfter(
  window: RateWindow | undefined,
  { figures, figuresAgeMs = 0, uncounted }: BudgetReport,
  now: number,
): RateWindow | undefined {
  if (figures === undefined) return window && without(window, uncounted);
  const { limit, remaining, resetInMs } = figures;
  const resetAt = now + resetInMs;
  const seen = without(
    { limit, remaining, resetAt, lengthMs: Math.max(window?.lengthMs ?? 0, resetInMs) },
    uncounted,
  );
  if (window === undefined) return seen;
  if (window.assumedSince !== undefined)
    return now - figuresAgeMs > window.assumedSince ? seen : without(window, uncounted);
  if (resetAt > window.resetAt + toleranceMs(window)) return seen;
  // What remains only falls, so the fewest are the newest. Of the window before, nothing matters any more.
  if (resetAt < window.resetAt - toleranceMs(window)) return without(window, uncounted);
  return { ...window, limit, remaining: Math.min(window.remaining, seen.remaining) };
}

function without(window: RateWindow, requests: number): RateWindow {
  return { ...window, remaining: Math.max(0, window.remaining - requests) };
}

/** What other programs with the same credential, and people, have left when Windlass waits. */
export function reserveOf({ limit }: RateWindow): number {
  return Math.ceil(limit * 0.05);
}
