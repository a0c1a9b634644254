import { type BudgetReport, type RateFigures } from './budget-message';

/** The window that a service's limit is for, as far as its headers said. Times are milliseconds since the epoch. */
export interface RateWindow {
  readonly limit: number;
  /** What the headers said last, so without the requests that are granted and not reported yet. */
  readonly remaining: number;
  readonly resetAt: number;
  /** See `RateFigures`; of an assumed window, the one before. */
  readonly mark?: number;
  /** The longest time until a reset that was seen; the older, the less it counts. */
  readonly lengthMs: number;
  /** The end of the window before, where no answer of this one has come yet. */
  readonly assumedSince?: number;
}

/** Services round to seconds. */
const sameMarkMs = 1_500;

/** No service waits for longer, and clients of Temporal can report anything. */
export const longestMs = 24 * 3_600_000;

/** Whether figures are of a later window (1), the same (0), or an earlier one (-1). */
export function compareWindows(
  a: Pick<RateFigures, 'mark'> & { readonly resetAt: number },
  b: Pick<RateWindow, 'mark' | 'resetAt' | 'lengthMs'>,
): number {
  const hasMarks = a.mark !== undefined && b.mark !== undefined;
  const later = hasMarks ? (a.mark ?? 0) - (b.mark ?? 0) : a.resetAt - b.resetAt;
  // Without a mark, the time that an answer and a report take is in it, too.
  const toleranceMs = hasMarks ? sameMarkMs : Math.min(Math.max(2_000, b.lengthMs / 20), 30_000);
  return Math.abs(later) <= toleranceMs ? 0 : Math.sign(later);
}

/** The window of this moment: one that has ended is followed by one in which everything remains. */
export function windowAt(window: RateWindow | undefined, now: number): RateWindow | undefined {
  if (window === undefined || now < window.resetAt) return window;
  const { limit, lengthMs, resetAt } = window;
  return { ...window, remaining: limit, resetAt: now + lengthMs, assumedSince: resetAt };
}

/** @param window of this moment */
export function windowAfter(
  window: RateWindow | undefined,
  { figures, figuresAgeMs = 0, uncounted }: BudgetReport,
  now: number,
): RateWindow | undefined {
  if (figures === undefined) return window && without(window, uncounted);
  const { limit, remaining } = figures;
  // A later one would outlast the window: what real answers say would be of an earlier one.
  const mark = figures.mark === undefined ? undefined : Math.min(figures.mark, now + longestMs);
  const resetInMs = Math.min(figures.resetInMs, longestMs);
  const resetAt = now + resetInMs;
  const seen = without(
    {
      limit,
      remaining,
      resetAt,
      // A false one, which any client can report, matters less with each window.
      lengthMs: Math.max((window?.lengthMs ?? 0) / 2, resetInMs),
      ...(mark === undefined ? {} : { mark }),
    },
    uncounted,
  );
  if (window === undefined) return seen;
  const { assumedSince } = window;
  if (assumedSince !== undefined) {
    const hasMarks = mark !== undefined && window.mark !== undefined;
    const isLater = hasMarks ? compareWindows(seen, window) > 0 : now - figuresAgeMs > assumedSince;
    return isLater ? seen : without(window, uncounted);
  }
  const later = compareWindows(seen, window);
  if (later > 0) return seen;
  // Of the window before, nothing matters any more.
  if (later < 0) return without(window, uncounted);
  // What remains only falls, so the fewest are the newest.
  return { ...window, limit, remaining: Math.min(window.remaining, seen.remaining) };
}

function without(window: RateWindow, requests: number): RateWindow {
  return { ...window, remaining: Math.max(0, window.remaining - requests) };
}

/**
 * What other programs with the same credential, and people, have left when Windlass waits. It never is the whole limit: one
 * answer in each window tells what remains.
 */
export function reserveOf({ limit }: RateWindow): number {
  return Math.min(Math.ceil(limit * 0.05), limit - 1);
}
