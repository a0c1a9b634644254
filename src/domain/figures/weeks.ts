/** Weeks of figures: from Monday 00:00 UTC on, as in ISO 8601, so that they are the same for every reader. */

const dayMs = 86_400_000;
export const weekMs = 7 * dayMs;
/** A Monday. */
const origin = Date.UTC(1970, 0, 5);

/** @param until in the last week @returns the beginnings of `count` weeks, oldest first; milliseconds since the epoch */
export function weekStarts(until: number, count: number): readonly number[] {
  const last = origin + Math.floor((until - origin) / weekMs) * weekMs;
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * weekMs);
}
