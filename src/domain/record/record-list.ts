/** The last records of a lane, bounded: they travel with its state. */
import { utf8Bytes } from '../names';
import { type AuditRecord } from './audit-record';

export const mostRecords = 200;
/** As JSON in UTF-8. */
export const recordsBytes = 65_536;

export interface KeptRecords {
  /** Newest first. */
  readonly records: readonly AuditRecord[];
  /** The time of the last record that was dropped, milliseconds since the epoch. Absent: none was. */
  readonly forgotBefore?: number;
}

/** The oldest are dropped. @param added oldest first, as they came in */
export function withRecords(kept: Partial<KeptRecords>, added: readonly AuditRecord[]): KeptRecords {
  const all = [...added.toReversed(), ...(kept.records ?? [])];
  let room = recordsBytes - 2;
  const tooMany = all.findIndex((record, index) => {
    room -= utf8Bytes(JSON.stringify(record)) + 1;
    return index === mostRecords || room < 0;
  });
  const records = tooMany < 0 ? all : all.slice(0, tooMany);
  const forgotten = tooMany < 0 ? [] : all.slice(tooMany).map(({ at }) => at);
  const forgotBefore = Math.max(kept.forgotBefore ?? -Infinity, ...forgotten);
  return { records, ...(forgotBefore === -Infinity ? {} : { forgotBefore }) };
}

/** @returns what `after` has that `before` had not, oldest first */
export function addedRecords(
  before: readonly AuditRecord[] = [],
  after: readonly AuditRecord[] = [],
): readonly AuditRecord[] {
  const known = before[0] === undefined ? -1 : after.indexOf(before[0]);
  return (known < 0 ? after : after.slice(0, known)).toReversed();
}
