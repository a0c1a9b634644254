/** The last records of a lane, bounded: they travel with its state. */
import { utf8Bytes } from '../names';
import { type AuditRecord } from './audit-record';

export const mostRecords = 200;
/** As JSON in UTF-8. */
export const recordsBytes = 65_536;

/**
 * @param kept newest first
 * @param added oldest first, as they came in
 * @returns newest first; the oldest are dropped
 */
export function withRecords(
  kept: readonly AuditRecord[] | undefined,
  added: readonly AuditRecord[],
): readonly AuditRecord[] {
  const all = [...added.toReversed(), ...(kept ?? [])].slice(0, mostRecords);
  let room = recordsBytes - 2;
  const first = all.findIndex((record) => {
    room -= utf8Bytes(JSON.stringify(record)) + 1;
    return room < 0;
  });
  return first < 0 ? all : all.slice(0, first);
}
