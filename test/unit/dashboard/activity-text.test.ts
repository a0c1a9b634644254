import { describeGaps, groupByDay, kindTexts } from '../../../dashboard/src/activity/activity-text';
import { csvOf, fileName } from '../../../dashboard/src/activity/export-text';
import { readFilter } from '../../../dashboard/src/activity/activity-filter';
import { type Entry } from '../../../dashboard/src/activity/audit';
import { decisionKinds, outcomeKinds } from '../../../src/domain/record/audit-record';

const entry = (at: string, rest: Partial<Entry> = {}): Entry => ({ kind: 'approved', at, ...rest });

it('every kind of record has its words', () => {
  expect(Object.keys(kindTexts).sort()).toEqual([...decisionKinds, ...outcomeKinds].sort());
});

it('entries of a day are together, the newest first', () => {
  const days = groupByDay([
    entry('2026-11-28T12:00:00Z'),
    entry('2026-11-28T11:00:00Z'),
    entry('2026-11-26T12:00:00Z'),
  ]);
  expect(days.map(({ entries }) => entries.length)).toEqual([2, 1]);
  expect(days[1]?.key).toBe('2026-11-26');
});

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t1', '"\'\t1"'],
  ['\t=1', '"\t\'=1"'],
  ['a;=1', '"a;\'=1"'],
  ['a | +1', '"a | \'+1"'],
  ['a\n-1', '"a\n\'-1"'],
  ['a "=1"', '"a ""\'=1"""'],
  ['a - b', 'a - b'],
])('what begins like a formula is text, wherever a spreadsheet splits lines: %j', (detail, cell) => {
  expect(csvOf([entry('2026-11-28T12:00:00Z', { detail })])).toContain(`,${cell}\r\n`);
});

it('a cell with commas, quotes or line breaks is quoted', () => {
  const [, line] = csvOf([entry('2026-11-28T12:00:00Z', { by: 'a,"b"', groups: ['x', 'y'] })]).split('\r\n');
  expect(line).toBe('2026-11-28T12:00:00Z,approved,,,,,,"a,""b""",x y,,,');
});

it('a file is named for its day', () => {
  expect(fileName('csv', Date.UTC(2026, 10, 28))).toBe('windlass-activity-2026-11-28.csv');
});

it('an address that asks for what there is not asks for what is usual', () => {
  expect(readFilter(new URLSearchParams('range=century&by=ada'))).toMatchObject({ range: '7', by: 'ada' });
  expect(readFilter(new URLSearchParams('range=all')).range).toBe('all');
  for (const name of ['constructor', 'toString', 'guess']) {
    const filter = readFilter(new URLSearchParams({ range: name, kind: name }));
    expect(filter).toMatchObject({ range: '7', kind: '' });
  }
  expect(readFilter(new URLSearchParams('kind=approved')).kind).toBe('approved');
  expect(readFilter(new URLSearchParams('kind=decisions')).kind).toBe('decisions');
});

it('what is missing has a sentence with the next step', () => {
  const beginning = {
    namespace: 'apps',
    pipeline: 'shop',
    environment: 'prod',
    since: '2026-11-01T12:00:00Z',
  };
  const audit = {
    records: [],
    complete: false,
    beginnings: Array.from({ length: 7 }, () => beginning),
    silent: ['lane/apps/shop/dev'],
  };
  const [dropped, silent] = describeGaps({ ...audit, silence: 'time' });
  expect(dropped).toMatch(/prod of apps\/shop .* and 2 more\. The log/);
  expect(silent).toBe(
    'There was not enough time for apps/shop/dev: their lines are missing. Choose a Pipeline, a namespace or a shorter range.',
  );
  expect(describeGaps({ ...audit, silence: 'no-worker' })[1]).toMatch(/Start a worker/);
  expect(describeGaps({ ...audit, beginnings: [], silent: [] })).toEqual([]);
});
