import { csvOf } from '../../../dashboard/src/activity/export-text';
import { auditCsv } from '../../../src/cli/views/audit';

it('an export of the dashboard is the same file as the one of the command line', () => {
  const at = '2026-11-28T12:00:00.000Z';
  const records = [
    {
      kind: 'approved' as const,
      at,
      namespace: 'apps',
      pipeline: 'shop',
      groups: ['a', 'b'],
      detail: '=1+1',
    },
    { kind: 'rejected' as const, at, by: 'oidc:bob', detail: '\t@cmd, "quoted"\nnext; =1 | "-2' },
    { kind: 'deployed' as const, at, version: '1.4.0', detail: '\r-2' },
  ];
  expect(csvOf(records)).toBe(
    auditCsv(records, true)
      .map((line) => `${line}\r\n`)
      .join(''),
  );
});
