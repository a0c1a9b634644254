/** A record as it is in the log: under the key `audit`, one line of JSON, for those who keep it for years. */
import { type AuditRecord } from './audit-record';

export interface AuditPlace {
  readonly namespace: string;
  readonly pipeline?: string;
  readonly environment?: string;
}

/**
 * `asked`: written before it is sent. Then its result, one of: `done`; `repeated`, it was done before; `refused`;
 * `unanswered`, it may still happen. `recorded`: a worker has it in the record of the environment.
 */
export type AuditOutcome = 'asked' | 'done' | 'repeated' | 'refused' | 'unanswered' | 'recorded';

/** The fields of a line of the log. */
export function auditLine(
  place: AuditPlace,
  { at, reportedAt, ...record }: AuditRecord,
  outcome: AuditOutcome,
): { readonly audit: object } {
  const reported = reportedAt === undefined ? {} : { reportedAt: new Date(reportedAt).toISOString() };
  return { audit: { ...record, at: new Date(at).toISOString(), ...reported, ...place, outcome } };
}
