/** Records that others send to a lane: read with bounds, since anyone who reaches Temporal can have written them. */
import { clipText } from '../names';
import { readAddress } from '../people/address';
import { isVouching } from '../people/actor';
import { type AuditRecord, decisionKinds, outcomeKinds, type RecordKind } from './audit-record';
import { mostRecords } from './record-list';

const kinds: readonly string[] = [...decisionKinds, ...outcomeKinds];
const nameBytes = 256;
const detailBytes = 500;
/** A record outlives what its groups meant; the line on stdout has all of them. */
const mostGroups = 20;
const groupBytes = 128;

/** Line breaks, and characters that change the direction of the text around them. */
const notInTexts = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** What is not a record is left out. @param now milliseconds since the epoch: nothing is later */
export function readRecords(input: unknown, now: number): readonly AuditRecord[] {
  if (!Array.isArray(input)) return [];
  return input.slice(-mostRecords).flatMap((each) => readRecord(each, now) ?? []);
}

function readRecord(input: unknown, now: number): AuditRecord | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...input };
  const { kind, groups, via } = fields;
  const at = readTime(fields['at'], now);
  if (!isKind(kind) || at === undefined) return undefined;
  const reportedAt = readTime(fields['reportedAt'], now);
  const from = readAddress(fields['from']);
  const names = Array.isArray(groups) ? groups.flatMap((name) => text(name, groupBytes) ?? []) : [];
  return boundedRecord({
    kind,
    at,
    ...optional('version', text(fields['version'], nameBytes)),
    ...optional('head', text(fields['head'], nameBytes)),
    ...optional('by', text(fields['by'], nameBytes)),
    ...(names.length === 0 ? {} : { groups: names }),
    ...(isVouching(via) ? { via } : {}),
    ...optional('from', from === '' ? undefined : from),
    ...optional('detail', text(fields['detail'], detailBytes)),
    ...(reportedAt === undefined ? {} : { reportedAt }),
    ...optional('key', text(fields['key'], nameBytes)),
  });
}

function readTime(value: unknown, now: number): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(value, 0), now) : undefined;
}

/** With the groups and the length of texts that a lane keeps. */
export function boundedRecord(record: AuditRecord): AuditRecord {
  const { groups, detail, by } = record;
  return {
    ...record,
    ...(groups === undefined
      ? {}
      : { groups: groups.slice(0, mostGroups).map((name) => clipText(name, groupBytes)) }),
    ...(detail === undefined ? {} : { detail: clipText(detail, detailBytes) }),
    ...(by === undefined ? {} : { by: clipText(by, nameBytes) }),
  };
}

function isKind(kind: unknown): kind is RecordKind {
  return typeof kind === 'string' && kinds.includes(kind);
}

/** On one line, clipped; undefined: it is none. */
function text(value: unknown, maxBytes: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.slice(0, maxBytes).replace(notInTexts, ' ').trim();
  return line === '' ? undefined : clipText(line, maxBytes);
}

function optional<Name extends keyof AuditRecord>(
  name: Name,
  value: string | undefined,
): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
