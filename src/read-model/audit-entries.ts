/** Records of lanes and Freezes as one list: pure. */
import { type AuditRecord, decisionKinds } from '../domain/record/audit-record';
import { type AuditEntry, type AuditQuery } from '../operator/schemas/audit';

export interface RecordPlace {
  readonly namespace: string;
  readonly pipeline?: string;
  readonly environment?: string;
}

export interface PlacedRecord {
  readonly place: RecordPlace;
  readonly record: AuditRecord;
}

export function auditEntry(place: RecordPlace, record: AuditRecord): AuditEntry {
  const { kind, at, version, head, by, groups, via, from, detail } = record;
  return {
    kind,
    at: new Date(at).toISOString(),
    ...place,
    ...(version === undefined ? {} : { version }),
    ...(head === undefined ? {} : { head }),
    ...(by === undefined ? {} : { by }),
    ...(groups === undefined ? {} : { groups: [...groups] }),
    ...(via === undefined ? {} : { via }),
    ...(from === undefined ? {} : { from }),
    ...(detail === undefined ? {} : { detail }),
  };
}

const decisions: ReadonlySet<string> = new Set(decisionKinds);

/** @returns newest first; `complete` is false where there are more than the limit */
export function selectRecords(
  records: readonly PlacedRecord[],
  query: AuditQuery,
): { readonly records: AuditEntry[]; readonly complete: boolean } {
  const fitting = records.filter(({ place, record }) => fits(place, record, query));
  fitting.sort((a, b) => b.record.at - a.record.at);
  return {
    records: fitting.slice(0, query.limit).map(({ place, record }) => auditEntry(place, record)),
    complete: fitting.length <= query.limit,
  };
}

function fits(place: RecordPlace, record: AuditRecord, query: AuditQuery): boolean {
  const {
    namespace,
    pipeline,
    environment,
    version,
    by,
    kind,
    decisions: decisionsOnly,
    since,
    until,
  } = query;
  const kinds = kind === undefined ? undefined : [kind].flat();
  return (
    (namespace === undefined || place.namespace === namespace) &&
    (pipeline === undefined || `${place.namespace}/${place.pipeline ?? ''}` === pipeline) &&
    (environment === undefined || place.environment === environment) &&
    (version === undefined || record.version === version) &&
    (by === undefined || record.by === by) &&
    (kinds === undefined || kinds.includes(record.kind)) &&
    (decisionsOnly !== true || decisions.has(record.kind)) &&
    (since === undefined || record.at >= Date.parse(since)) &&
    (until === undefined || record.at <= Date.parse(until))
  );
}
