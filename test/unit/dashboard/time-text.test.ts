import { describeAge, describeDuration } from '../../../dashboard/src/components/time-text';

const minute = 60_000;
const hour = 60 * minute;

it.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [minute, '1 min'],
  [hour + 5 * minute, '1 h 5 min'],
  [24 * hour, '1 d'],
  [50 * hour, '2 d 2 h'],
  [100 * hour, '4 d'],
])('%d ms are shown as %s', (ms, text) => {
  expect(describeDuration(ms)).toBe(text);
});

it.each([
  ['2026-11-28T11:59:55Z', 'just now'],
  ['2026-11-28T11:30:00Z', '30 min ago'],
  ['2026-11-28T14:00:00Z', 'in 2 h'],
  // The clock of the server is a little ahead of the reader's.
  ['2026-11-28T12:00:20Z', 'just now'],
])('%s is %s at noon', (at, text) => {
  expect(describeAge(at, Date.parse('2026-11-28T12:00:00Z'))).toBe(text);
});
