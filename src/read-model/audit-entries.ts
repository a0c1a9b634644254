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

/** How many more than the limit are held before the oldest are dropped. */
const slack = 1_000;

/** The newest records that a query asks for, added in any order: no more are held than are answered, and some. */
export class NewestRecords {
  readonly #query: AuditQuery;
  #kept: PlacedRecord[] = [];
  #complete = true;

  constructor(query: AuditQuery) {
    this.#query = query;
  }

  add(place: RecordPlace, records: readonly AuditRecord[]): void {
    for (const record of records) if (fits(place, record, this.#query)) this.#kept.push({ place, record });
    if (this.#kept.length > this.#query.limit + slack) this.#drop();
  }

  /** @returns newest first; `complete` is false where there are more than the limit */
  take(): { readonly records: AuditEntry[]; readonly complete: boolean } {
    this.#drop();
    const records = this.#kept.map(({ place, record }) => auditEntry(place, record));
    return { records, complete: this.#complete };
  }

  #drop(): void {
    this.#kept.sort((a, b) => b.record.at - a.record.at);
    if (this.#kept.length <= this.#query.limit) return;
    this.#complete = false;
    this.#kept.length = this.#query.limit;
  }
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
