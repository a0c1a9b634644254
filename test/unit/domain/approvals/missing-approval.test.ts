import { briefApproval, missingApproval } from '../../../../src/domain/approvals/missing-approval';

it.each([
  ['no gate', [], undefined],
  ['gates that no approval opens', [{ gate: 'windows' }], undefined],
  ['manual', [{ gate: 'manual' }], {}],
  [
    'approvals beside a window',
    [{ gate: 'windows' }, { gate: 'approvals', excluded: ['ada'] }],
    { excluded: ['ada'] },
  ],
  [
    'two gates that exclude different people',
    [
      { gate: 'approvals', excluded: ['ada', 'bob'] },
      { gate: 'approvals', excluded: ['bob'] },
    ],
    { excluded: ['bob'] },
  ],
  ['manual beside approvals', [{ gate: 'approvals', excluded: ['ada'] }, { gate: 'manual' }], {}],
])('with %s closed', (_what, closed, missing) => {
  expect(missingApproval(closed)).toEqual(missing);
});

it('a lane keeps ten names of it, each cut', () => {
  const { excluded = [] } = briefApproval({ excluded: Array.from({ length: 50 }, () => 'é'.repeat(500)) });
  expect(excluded).toHaveLength(10);
  expect(Math.max(...excluded.map((name) => Buffer.byteLength(name)))).toBeLessThanOrEqual(256);
});
