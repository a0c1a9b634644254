/** Moments and durations as short text: pure. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** As in kubectl: the two largest units that say something. @param ms not negative */
export function describeDuration(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return both(Math.floor(ms / hour), 'h', Math.floor((ms % hour) / minute), 'min');
  return both(Math.floor(ms / day), 'd', Math.floor((ms % day) / hour), 'h');
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  // Hours do not matter after a few days.
  const isSmallShown = small > 0 && large < 4;
  return `${large} ${largeUnit}${isSmallShown ? ` ${small} ${smallUnit}` : ''}`;
}

/** @param at RFC 3339 @param now milliseconds since the epoch */
export function describeAge(at: string, now: number): string {
  const ms = now - Date.parse(at);
  if (ms < -minute) return `in ${describeDuration(-ms)}`;
  if (ms < 10 * second) return 'just now';
  return `${describeDuration(ms)} ago`;
}

/** To the minute, in the reader's own zone and language. @param at RFC 3339 */
export function briefTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** In the reader's own zone and language. @param at RFC 3339 */
export function exactTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}
