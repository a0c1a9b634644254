import { alignedColumns } from '../../../dashboard/src/board/columns';

it.each([
  [
    'the same everywhere',
    [
      ['dev', 'prod'],
      ['dev', 'prod'],
    ],
    ['dev', 'prod'],
  ],
  [
    'one more in the middle',
    [
      ['dev', 'prod'],
      ['dev', 'staging', 'prod'],
    ],
    ['dev', 'staging', 'prod'],
  ],
  ['one less', [['dev', 'staging', 'prod'], ['staging']], ['dev', 'staging', 'prod']],
  [
    'another beginning',
    [
      ['dev', 'prod'],
      ['qa', 'prod'],
    ],
    ['qa', 'dev', 'prod'],
  ],
  ['none at all', [[]], []],
])('aligns environments: %s', (_what, sequences, columns) => {
  expect(alignedColumns(sequences)).toEqual(columns);
});

it('aligns nothing where the order differs', () => {
  expect(
    alignedColumns([
      ['dev', 'prod'],
      ['prod', 'dev'],
    ]),
  ).toBeUndefined();
});

it('aligns nothing where there would be more columns than a page has room for', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(alignedColumns([names])).toBeUndefined();
  expect(alignedColumns(names.map((name) => [name]))).toBeUndefined();
  expect(alignedColumns([names.slice(0, 6)])).toEqual(names.slice(0, 6));
});
