import { type AuditRecord } from '../../../../src/domain/record/audit-record';
import { readRecords } from '../../../../src/domain/record/read-records';
import {
  addedRecords,
  mostRecords,
  recordsBytes,
  withRecords,
} from '../../../../src/domain/record/record-list';
import { utf8Bytes } from '../../../../src/domain/names';
import { noon } from '../../../support/events';

const record = (n: number, overrides: Partial<AuditRecord> = {}): AuditRecord => ({
  kind: 'proposed',
  at: noon + n,
  ...overrides,
});
const later = noon + 1_000_000;

describe('the records of a lane', () => {
  it('are kept newest first, in the order in which they came', () => {
    const { records, forgotBefore } = withRecords({ records: [record(1)] }, [record(2), record(3)]);
    expect([records.map(({ at }) => at - noon), forgotBefore]).toEqual([[3, 2, 1], undefined]);
  });

  it('are 200 at most: the oldest are dropped', () => {
    const all = Array.from({ length: 300 }, (_, n) => record(n));
    const { records: kept, forgotBefore } = withRecords({}, all);
    expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([mostRecords, noon + 299, noon + 100]);
    expect(forgotBefore).toBe(noon + 99);
  });

  it('take 64 KiB at most: the oldest are dropped', () => {
    const all = Array.from({ length: 200 }, (_, n) => record(n, { detail: '🚢'.repeat(200) }));
    const { records: kept, forgotBefore } = withRecords({}, all);
    expect(forgotBefore).toBe(noon + 199 - kept.length);
    expect(utf8Bytes(JSON.stringify(kept))).toBeLessThanOrEqual(recordsBytes);
    expect(kept[0]?.at).toBe(noon + 199);
    expect(kept.length).toBeGreaterThan(70);
  });

  it('that are full have forgotten nothing, and what was forgotten stays so', () => {
    const full = withRecords(
      {},
      Array.from({ length: mostRecords }, (_, n) => record(n)),
    );
    expect(full.forgotBefore).toBeUndefined();
    const more = withRecords(full, [record(500)]);
    expect(more.forgotBefore).toBe(noon);
    expect(withRecords({ ...more, records: [] }, [record(501)]).forgotBefore).toBe(noon);
  });

  it('that come late do not move back what was forgotten', () => {
    const kept = {
      records: Array.from({ length: mostRecords }, (_, n) => record(n)),
      forgotBefore: noon + 9_000,
    };
    expect(withRecords(kept, [record(1)]).forgotBefore).toBe(noon + 9_000);
  });
});

describe('what was added to a record', () => {
  it.each([
    ['nothing before', undefined, [1, 2]],
    ['something before', [record(0)], [1, 2]],
    ['a full list before', Array.from({ length: mostRecords }, (_, n) => record(-n)), [1, 2]],
  ])('is found with %s, oldest first', (_, before, expected) => {
    const { records } = withRecords(before === undefined ? {} : { records: before }, [record(1), record(2)]);
    expect(addedRecords(before, records).map(({ at }) => at - noon)).toEqual(expected);
  });
});

describe('records that others send', () => {
  it('are taken as they are, where they are such', () => {
    const sent: AuditRecord = {
      kind: 'suspended',
      at: noon,
      version: '1.2.0',
      head: 'f'.repeat(40),
      by: 'oidc:alice',
      groups: ['ops'],
      via: 'oidc',
      from: '2001:db8::1',
      detail: 'Holidays',
      key: 'a'.repeat(32),
    };
    expect(readRecords([sent], later)).toEqual([sent]);
  });

  it.each([
    ['no list', { kind: 'suspended', at: noon }],
    ['no object', ['suspended']],
    ['another kind', [{ kind: 'promoted', at: noon }]],
    ['no time', [{ kind: 'suspended', at: '2026-11-23' }]],
    ['a time that is not a number', [{ kind: 'suspended', at: Number.NaN }]],
  ])('are left out, where they are none: %s', (_, sent) => {
    expect(readRecords(sent, later)).toEqual([]);
  });

  it('have nothing else, no line breaks, no endless text and no time in the future', () => {
    const [read] = readRecords(
      [
        {
          kind: 'suspended',
          at: later + 5,
          by: ' a\nb ',
          via: 'magic',
          from: 'not an address',
          detail: 'x'.repeat(10_000),
          groups: [...Array.from({ length: 300 }, (_, n) => `group-${n}`), 7],
          secret: 'x',
        },
      ],
      later,
    );
    expect(read).toMatchObject({ kind: 'suspended', at: later, by: 'a b' });
    expect(Object.keys(read ?? {}).sort()).toEqual(['at', 'by', 'detail', 'groups', 'kind']);
    expect([read?.groups?.length, utf8Bytes(read?.detail ?? '')]).toEqual([20, 500]);
  });

  it('are 200 at most', () => {
    expect(
      readRecords(
        Array.from({ length: 5_000 }, (_, n) => record(n)),
        later,
      ),
    ).toHaveLength(mostRecords);
  });
});
