/** How durations spread: figures for people, who read a median and what one in ten exceeds. */

export interface Spread {
  readonly count: number;
  /** In seconds; absent: there are no durations. */
  readonly median?: number;
  /** In seconds: nine of ten take at most that long. */
  readonly percentile90?: number;
}

/** @param durations in milliseconds, in any order; negative ones, of clocks that differ, count as 0 */
export function spreadOf(durations: readonly number[]): Spread {
  if (durations.length === 0) return { count: 0 };
  // Sorts numbers without a call for each pair.
  const sorted = Float64Array.from(durations, (ms) => Math.max(0, ms) / 1_000).sort();
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    percentile90: quantile(sorted, 0.9),
  };
}

/**
 * Between two values, their weighted mean, as in spreadsheets (PERCENTILE.INC) and NumPy.
 * https://numpy.org/doc/stable/reference/generated/numpy.quantile.html, method "linear"
 * @param sorted ascending, not empty
 */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return Math.round(below + (above - below) * (place - Math.floor(place)));
}
