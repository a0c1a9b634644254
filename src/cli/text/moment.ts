import { CommandFault } from '../exit-codes';

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const durationPattern = /^(?:\d+[smhdw])+$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of `90d`, `1h30m`; undefined: the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([smhdw])/g))
    sum += Number(count) * (units[unit] ?? 0);
  return sum;
}

/**
 * A time of a flag: RFC 3339 with a time zone, or a duration from now.
 * @param direction -1: the duration lies in the past
 * @returns RFC 3339 in UTC
 * @throws CommandFault usage
 */
export function parseMoment(flag: string, text: string, now: number, direction: 1 | -1): string {
  const duration = parseDuration(text);
  const at =
    duration === undefined ? (rfc3339.test(text) ? Date.parse(text) : NaN) : now + direction * duration;
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) {
    throw new CommandFault(
      'usage',
      `${flag} is ${JSON.stringify(text)}: write a duration such as 12h or 90d, or a time with its zone such as 2027-01-02T08:00:00Z.`,
    );
  }
  return moment.toISOString();
}

/** @throws CommandFault usage */
export function requireDuration(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration !== undefined && duration > 0) return duration;
  throw new CommandFault('usage', `${flag} is ${JSON.stringify(text)}: write a duration such as 30s or 10m.`);
}
