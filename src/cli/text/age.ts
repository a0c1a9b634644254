const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration as kubectl shows ages: `45s`, `5m30s`, `170m`, `30h`, `12d`. @param ms milliseconds */
export function age(ms: number): string {
  const past = Math.max(0, ms);
  if (past < 2 * minute) return `${Math.floor(past / second)}s`;
  if (past < 10 * minute) return pair(past, minute, 'm', second, 's');
  if (past < 3 * hour) return `${Math.floor(past / minute)}m`;
  if (past < 8 * hour) return pair(past, hour, 'h', minute, 'm');
  if (past < 2 * day) return `${Math.floor(past / hour)}h`;
  if (past < 8 * day) return pair(past, day, 'd', hour, 'h');
  return `${Math.floor(past / day)}d`;
}

function pair(ms: number, unit: number, name: string, smaller: number, smallerName: string): string {
  const rest = Math.floor((ms % unit) / smaller);
  return `${Math.floor(ms / unit)}${name}${rest === 0 ? '' : `${rest}${smallerName}`}`;
}

/** A time without its fraction of a second; empty for none. */
export function wholeSeconds(time: string | undefined): string {
  return time?.replace(/\.\d+(?=Z$)/, '') ?? '';
}

/** How long ago a time was, RFC 3339; empty for none. */
export function ageOf(time: string | undefined, now: number): string {
  if (time === undefined) return '';
  const at = Date.parse(time);
  return Number.isNaN(at) ? '' : age(now - at);
}
