/** When windows are open, as instants that need no time zone: what a promotion keeps of them. */
import { type WindowsReading } from '../gates/windows';
import { cronSchedule } from './cron-schedule';
import { localTime } from './local-time';
import { type Window } from './window';

/** Reading a schedule takes up to half a millisecond, and windows that never open would be read forever. */
const maxReads = 500;

/** Where nothing says when the windows open next. */
const lookAgainMs = 24 * 60 * 60 * 1000;

/**
 * Reads the windows at one moment. A moment is open if no `deny` window holds it and, where there are `allow` windows,
 * at least one of them does. A window holds its start and not its end.
 * @param now milliseconds since the epoch
 * @returns undefined where there are none
 */
export function readWindows(windows: readonly Window[], now: number): WindowsReading | undefined {
  const [first] = windows;
  if (first === undefined) return undefined;
  const calendar = openCalendar(windows);
  const answer = calendar.at(now);
  if (answer.open) return { open: true, ...endOfOpening(calendar, answer) };

  const { at: opensAt, open, until } = searched(calendar, answer, true);
  return {
    open: false,
    opensAt,
    opens: localTime(opensAt, first.timeZone),
    ...(open
      ? endOfOpening(calendar, { at: opensAt, open, until })
      : { closesAt: opensAt, atEarliest: true }),
  };
}

function endOfOpening(calendar: Calendar, opening: Moment): { readonly closesAt?: number } {
  const end = searched(calendar, opening, false);
  return end.at === Infinity ? {} : { closesAt: end.at };
}

/** @returns the first moment from `moment` that is open, or closed; the last one looked at, where none was found */
function searched(calendar: Calendar, moment: Moment, open: boolean): Moment {
  let current = moment;
  while (current.open !== open && Number.isFinite(current.at) && !calendar.exhausted()) {
    current = calendar.at(current.until);
  }
  return current;
}

interface Moment {
  readonly at: number;
  readonly open: boolean;
  /** The answer is the same before this moment, and may be after. Infinity: it stays. */
  readonly until: number;
}

interface Calendar {
  /** Asked with times that never go back. */
  at(time: number): Moment;
  /** Enough was read. */
  exhausted(): boolean;
}

function openCalendar(windows: readonly Window[]): Calendar {
  let reads = 0;
  const cursors = windows.map(({ kind, schedule, timeZone, durationMs }) => {
    const times = cronSchedule(schedule, timeZone);
    let next = -Infinity;
    let end = -Infinity;
    return {
      kind,
      /** When the window ends that holds this time, and when the next one begins. */
      at(time: number) {
        if (next <= time) {
          reads += 2;
          end = (times.last(time) ?? -Infinity) + durationMs;
          next = times.next(time) ?? Infinity;
        }
        return { end: end > time ? end : undefined, next };
      },
    };
  });
  const allow = cursors.filter(({ kind }) => kind === 'allow');
  const deny = cursors.filter(({ kind }) => kind === 'deny');
  return {
    exhausted: () => reads >= maxReads,
    at(time) {
      reads += 1;
      if (time === Infinity) return { at: time, open: false, until: time };
      const allowed = allow.map((cursor) => cursor.at(time));
      const denied = deny.map((cursor) => cursor.at(time));
      const ends = (held: readonly { readonly end: number | undefined }[]): number[] =>
        held.flatMap(({ end }) => (end === undefined ? [] : [end]));
      const starts = (held: readonly { readonly next: number }[]): number[] => held.map(({ next }) => next);
      const isAllowed = allowed.length === 0 || ends(allowed).length > 0;
      const isDenied = ends(denied).length > 0;
      if (isAllowed && !isDenied) {
        const allowedUntil = allowed.length === 0 ? Infinity : Math.max(...ends(allowed));
        return { at: time, open: true, until: Math.min(allowedUntil, ...starts(denied)) };
      }
      const until = Math.max(...ends(denied), isAllowed ? time : Math.min(...starts(allowed)));
      return { at: time, open: false, until: until === Infinity ? time + lookAgainMs : until };
    },
  };
}
