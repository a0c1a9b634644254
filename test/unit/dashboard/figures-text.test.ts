import { type Figures, isBeingRead, readFilter } from '../../../dashboard/src/figures/figures-filter';
import {
  describeAges,
  describeCoverage,
  describeSeconds,
  describeShare,
  describeWeek,
  perWeek,
} from '../../../dashboard/src/figures/figures-text';

const none = { promotions: 0, failed: 0, deployments: 0, rolledBack: 0 };
const figures = (coverage: Figures['coverage']): Figures => ({
  since: '2026-11-02T00:00:00.000Z',
  until: '2026-11-28T12:00:00.000Z',
  weeks: [],
  total: none,
  endToEnd: { count: 0, unmeasured: 0 },
  hops: [],
  restore: { count: 0, broken: 0 },
  waiting: { count: 0, ages: [] },
  coverage,
  asOf: '2026-11-28T12:00:00.000Z',
  workers: 'answering',
});

it('what cannot be measured is a dash', () => {
  expect([describeSeconds(undefined), describeShare(undefined)]).toEqual(['–', '–']);
});

it.each([
  [0, '0 %'],
  [0.004, '< 1 %'],
  [0.126, '13 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, text) => {
  expect(describeShare(share)).toBe(text);
});

it('a week is named for its Monday in UTC, wherever the reader is', () => {
  expect(describeWeek('2026-11-23T00:00:00.000Z')).toMatch(/23/);
});

it('an average counts the part of this week that has passed', () => {
  const { since, until } = { since: '2026-11-23T00:00:00Z', until: '2026-11-26T12:00:00Z' };
  expect(perWeek(5, { since, until })).toBe('10');
  expect(perWeek(1, { since, until })).toBe('2.0');
  expect(perWeek(0, { since, until: since })).toBe('0');
});

it('says what is read, and what is missing', () => {
  const all = describeCoverage(figures({ lanes: 1, read: 1, firstAt: '2026-09-01T10:00:00Z' }));
  expect(all.says).toMatch(/^From the records of 1 environment, the first promotion on .*2026/);
  expect(all.gaps).toEqual([]);
  const part = { lanes: 5_000, read: 12 };
  expect(describeCoverage(figures(part)).gaps[0]).toMatch(/12 of 5,000 environments are read so far/);
  expect(describeCoverage(figures({ ...part, silence: 'no-answer' })).gaps[0]).toMatch(/Start a worker/);
  expect(describeCoverage(figures({ ...part, silence: 'memory' })).gaps[0]).toMatch(
    /Choose a Pipeline or a team/,
  );
});

it('says from when on the counts are complete, only where that is in the range', () => {
  const gaps = (completeSince: string) =>
    describeCoverage(figures({ lanes: 1, read: 1, completeSince })).gaps;
  expect(gaps('2026-11-18T00:00:00.000Z')[0]).toMatch(/^Complete since/);
  expect(gaps('2026-10-18T00:00:00.000Z')).toEqual([]);
});

it('asks again while the server reads, and not where it cannot', () => {
  expect(isBeingRead(figures({ lanes: 2, read: 1 }))).toBe(true);
  expect(isBeingRead(figures({ lanes: 2, read: 1, silence: 'no-answer' }))).toBe(false);
  expect(isBeingRead(figures({ lanes: 2, read: 2 }))).toBe(false);
});

it('ages are named by their limits', () => {
  expect(describeAges([{ below: 3_600, count: 1 }, { below: 86_400, count: 0 }, { count: 2 }])).toEqual([
    'under 1 h',
    '1 h to 1 d',
    '1 d and more',
  ]);
});

it('an address that asks for a range that there is not gets the usual one', () => {
  expect(readFilter(new URLSearchParams('weeks=7&label=team=a'))).toEqual({
    pipeline: '',
    label: 'team=a',
    weeks: 12,
  });
});
