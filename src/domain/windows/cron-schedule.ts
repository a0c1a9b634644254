/**
 * When a window begins. Reads the time zone data of this Node, which differ between versions: for activities and
 * validation, never for workflows.
 */
import { Cron } from 'croner';

/** Five fields separated by spaces; names of months and weekdays, but none of the extensions of single programs. */
export const cronPattern = '^[0-9A-Za-z*/,-]+( +[0-9A-Za-z*/,-]+){4}$';
const fivefold = new RegExp(cronPattern);
/** `L` and `W` are letters as well. */
const namesOnly = /^([^A-Za-z]|(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z]))*$/;

/** In a leap year, every day of the calendar occurs. */
const leapYear = 2024;
const beforeLeapYear = new Date(Date.UTC(leapYear - 1, 11, 31));

export interface CronSchedule {
  /** The latest time at or before `at`; both in milliseconds since the epoch. */
  last(at: number): number | undefined;
  /** The first time after `at`. */
  next(at: number): number | undefined;
}

/** croner's rules for clocks that change are in docs/gates.md. @throws where `scheduleFault` or `timeZoneFault` finds one */
export function cronSchedule(schedule: string, timeZone: string): CronSchedule {
  const cron = new Cron(schedule, { mode: '5-part', timezone: timeZone });
  return {
    last: (at) => cron.previousRuns(1, new Date(at + 1))[0]?.getTime(),
    next: (at) => cron.nextRun(new Date(at))?.getTime(),
  };
}

/** What is wrong with a schedule, to follow its field's name; undefined: nothing. */
export function scheduleFault(schedule: string): string | undefined {
  if (!fivefold.test(schedule)) {
    return 'must be five fields of cron (minute, hour, day of month, month, day of week), such as "0 9 * * 1-5"';
  }
  if (!namesOnly.test(schedule))
    return 'has letters that are no name of a month or weekday, such as JAN or MON';
  try {
    const cron = new Cron(`0 ${schedule} ${leapYear}`, { mode: '7-part', timezone: 'UTC' });
    return cron.nextRun(beforeLeapYear) === null ? 'never occurs: no such day is in any year' : undefined;
  } catch {
    return 'has a field that is not cron: minute 0-59, hour 0-23, day of month 1-31, month 1-12, day of week 0-7, each with lists (1,3), ranges from low to high (1-5) and steps (*/15)';
  }
}

/** Names of the IANA database, not offsets such as +01:00, which do not know of daylight saving time. */
export const timeZonePattern = '^[A-Za-z][A-Za-z0-9_+/-]*$';
const zoneName = new RegExp(timeZonePattern);

/** What is wrong with a time zone, to follow its field's name; undefined: nothing. */
export function timeZoneFault(timeZone: string): string | undefined {
  const fault = 'must be a name of the IANA time zone database, such as Europe/Berlin';
  if (!zoneName.test(timeZone)) return fault;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return undefined;
  } catch {
    return fault;
  }
}
