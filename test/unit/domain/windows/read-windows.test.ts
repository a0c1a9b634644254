import { readWindows } from '../../../../src/domain/windows/read-windows';
import { type Window } from '../../../../src/domain/windows/window';

const hour = 3_600_000;

const window = (
  schedule: string,
  hours: number,
  { kind = 'allow', timeZone = 'Europe/Berlin' }: Partial<Pick<Window, 'kind' | 'timeZone'>> = {},
): Window => ({ kind, schedule, durationMs: hours * hour, timeZone });
const deny = (schedule: string, hours: number): Window => window(schedule, hours, { kind: 'deny' });

const office = window('0 9 * * 1-5', 8);

/** `open until 16:00`, in UTC, with the date where it is another one. */
function said(windows: readonly Window[], now: string): string {
  const show = (at: number): string => {
    const text = new Date(at).toISOString();
    return text.startsWith(now.slice(0, 10)) ? text.slice(11, 16) : text.slice(0, 16);
  };
  const reading = readWindows(windows, Date.parse(now));
  if (reading === undefined) return 'no gate';
  const end = reading.closesAt === undefined ? '' : ` until ${show(reading.closesAt)}`;
  return reading.open ? `open${end}` : `closed, opens ${show(reading.opensAt)}${end}`;
}

// 2026-11-27 is a Friday; Berlin is an hour ahead of UTC then.
it.each<readonly [what: string, windows: readonly Window[], now: string, expected: string]>([
  ['no window', [], '2026-11-27T12:00:00Z', 'no gate'],
  ['within it', [office], '2026-11-27T12:00:00Z', 'open until 16:00'],
  ['its first moment', [office], '2026-11-27T08:00:00Z', 'open until 16:00'],
  ['its last moment', [office], '2026-11-27T15:59:59.999Z', 'open until 16:00'],
  [
    'its end, before a weekend',
    [office],
    '2026-11-27T16:00:00Z',
    'closed, opens 2026-11-30T08:00 until 2026-11-30T16:00',
  ],
  ['before it', [office], '2026-11-27T07:59:59.999Z', 'closed, opens 08:00 until 16:00'],
  ['over midnight', [window('0 22 * * *', 4)], '2026-11-27T23:30:00Z', 'open until 2026-11-28T01:00'],
  ['overlapping windows', [office, window('0 16 * * *', 4)], '2026-11-27T12:00:00Z', 'open until 19:00'],
  ['adjacent windows', [office, window('0 17 * * *', 1)], '2026-11-27T12:00:00Z', 'open until 17:00'],
  [
    'windows with a gap',
    [office, window('1 17 * * *', 1)],
    '2026-11-27T16:00:30Z',
    'closed, opens 16:01 until 17:01',
  ],
  [
    'a window that overlaps itself',
    [window('0 9 * * 1-5', 30)],
    '2026-11-24T12:00:00Z',
    'open until 2026-11-28T14:00',
  ],
  [
    'a day has 25 hours where clocks are set back',
    [window('0 0 * * *', 24)],
    '2026-10-24T12:00:00Z',
    'open until 2026-10-25T22:00',
  ],
  [
    'two time zones',
    [office, window('0 9 * * 1-5', 8, { timeZone: 'America/New_York' })],
    '2026-11-27T12:00:00Z',
    'open until 22:00',
  ],
  [
    'only deny windows, outside of them',
    [deny('0 18 * * 5', 62)],
    '2026-11-27T12:00:00Z',
    'open until 17:00',
  ],
  [
    'only deny windows, in one of them',
    [deny('0 18 * * 5', 62)],
    '2026-11-28T12:00:00Z',
    'closed, opens 2026-11-30T07:00 until 2026-12-04T17:00',
  ],
  [
    'deny over allow',
    [office, deny('0 12 * * *', 1)],
    '2026-11-27T11:30:00Z',
    'closed, opens 12:00 until 16:00',
  ],
  ['deny to come', [office, deny('0 12 * * *', 1)], '2026-11-27T10:30:00Z', 'open until 11:00'],
  [
    'deny up to the end of allow',
    [office, deny('0 12 * * 5', 5)],
    '2026-11-27T11:30:00Z',
    'closed, opens 2026-11-30T08:00 until 2026-11-30T16:00',
  ],
  [
    'adjacent deny windows',
    [deny('0 12 * * *', 1), deny('0 13 * * *', 1)],
    '2026-11-27T11:30:00Z',
    'closed, opens 13:00 until 2026-11-28T11:00',
  ],
  [
    'a day that comes every four years',
    [window('0 0 29 2 *', 24, { timeZone: 'UTC' })],
    '2026-11-27T12:00:00Z',
    'closed, opens 2028-02-29T00:00 until 2028-03-01T00:00',
  ],
  [
    'a day of the month or of the week, as cron has it',
    [window('0 9 1 * 1', 1, { timeZone: 'UTC' })],
    '2026-11-30T12:00:00Z',
    'closed, opens 2026-12-01T09:00 until 2026-12-01T10:00',
  ],
])('%s', (_, windows, now, expected) => {
  expect(said(windows, now)).toBe(expected);
});

// In Berlin, 02:00 to 03:00 does not exist on 2026-03-29, and occurs twice on 2026-10-25.
describe('where clocks change', () => {
  it.each<readonly [what: string, windows: readonly Window[], now: string, expected: string]>([
    [
      'a start that does not exist is the first moment after it',
      [window('30 2 * * *', 1)],
      '2026-03-29T00:59:00Z',
      'closed, opens 01:00 until 02:00',
    ],
    [
      'a start that occurs twice is the first of them',
      [window('30 2 * * *', 1)],
      '2026-10-24T23:00:00Z',
      'closed, opens 2026-10-25T00:30 until 2026-10-25T01:30',
    ],
    [
      'and is not repeated',
      [window('30 2 * * *', 1)],
      '2026-10-25T01:30:00Z',
      'closed, opens 2026-10-26T01:30 until 2026-10-26T02:30',
    ],
    [
      'several starts a day go on through the hour that occurs twice',
      [window('0 0-5 * * *', 1)],
      '2026-10-24T22:00:00Z',
      'open until 2026-10-25T05:00',
    ],
    [
      'several starts a day leave out the hour that does not exist',
      [window('0 0-5 * * *', 1)],
      '2026-03-28T23:00:00Z',
      'open until 2026-03-29T04:00',
    ],
    [
      'a duration is elapsed time: a window over the shorter night ends an hour later on the clock',
      [window('0 22 * * *', 8)],
      '2026-03-28T22:00:00Z',
      'open until 2026-03-29T05:00',
    ],
    [
      'and over the longer night an hour earlier',
      [window('0 22 * * *', 8)],
      '2026-10-24T22:00:00Z',
      'open until 2026-10-25T04:00',
    ],
  ])('%s', (_, windows, now, expected) => {
    expect(said(windows, now)).toBe(expected);
  });
});

it('says when it opens on the clocks of the first window', () => {
  expect(readWindows([office], Date.parse('2026-11-28T12:00:00Z'))).toMatchObject({ opens: 'Mon 09:00 CET' });
  expect(readWindows([office], Date.parse('2026-07-04T12:00:00Z'))).toMatchObject({
    opens: 'Mon 09:00 CEST',
  });
});

it.each([
  ['deny windows that hold every moment', [deny('0 0 * * *', 30)]],
  ['deny windows that hold every allow window', [office, deny('* * * * *', 1)]],
])('of %s it says only how long they stay closed, after a limited search', (_, windows) => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  const reading = readWindows(windows, now);
  expect(reading).toMatchObject({ open: false, atEarliest: true });
  const { opensAt, closesAt } = reading as { opensAt: number; closesAt: number };
  expect(opensAt).toBeGreaterThan(now + hour);
  expect(closesAt).toBe(opensAt);
});

it('says of windows that do not close how long it looked', () => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  const { open, closesAt } = readWindows([window('* * * * *', 24)], now) ?? {};
  expect(open).toBe(true);
  expect(closesAt).toBeGreaterThan(now + 24 * hour);
});
