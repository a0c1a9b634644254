import { type AuditOutcome, type AuditPlace } from '../../domain/record/audit-line';
import { type AuditRecord } from '../../domain/record/audit-record';
import { ActRefused } from '../../temporal/operator-acts';
import { audited, type AuditLog } from '../audit-log';
import { Refusal } from './refusal';

/** Sends an act of the API between its two lines in the log. @param outcomeOf absent: what is answered is done */
export function auditedAct<T>(
  log: AuditLog,
  place: AuditPlace,
  record: AuditRecord,
  send: () => Promise<T>,
  outcomeOf: (answer: T) => AuditOutcome = () => 'done',
  detailOf?: (answer: T) => string,
): Promise<T> {
  return audited(
    log,
    place,
    record,
    send,
    outcomeOf,
    (error) => error instanceof Refusal || error instanceof ActRefused,
    detailOf,
  );
}
