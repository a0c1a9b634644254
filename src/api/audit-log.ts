/** Acts in the log: a line before each is sent, and one with its outcome. The lines of one act have the same `key`. */
import { type Logger } from 'pino';
import { auditLine, type AuditOutcome, type AuditPlace } from '../domain/record/audit-line';
import { type AuditRecord } from '../domain/record/audit-record';

export type AuditLog = (place: AuditPlace, record: AuditRecord, outcome?: AuditOutcome) => void;

export function createAuditLog(logger: Pick<Logger, 'info'>): AuditLog {
  return (place, record, outcome = 'done') => {
    logger.info(auditLine(place, record, outcome), 'audit');
  };
}

/**
 * Sends an act between its two lines, so that none happens without one.
 * @param outcomeOf of an answer
 * @param refused whether an error says that it was not done, and will not be
 * @param detailOf an answer that knows more than was asked
 */
export async function audited<T>(
  log: AuditLog,
  place: AuditPlace,
  record: AuditRecord,
  send: () => Promise<T>,
  outcomeOf: (answer: T) => AuditOutcome,
  refused: (error: unknown) => boolean,
  detailOf?: (answer: T) => string,
): Promise<T> {
  log(place, record, 'asked');
  try {
    const answer = await send();
    log(place, detailOf === undefined ? record : { ...record, detail: detailOf(answer) }, outcomeOf(answer));
    return answer;
  } catch (error) {
    log(place, record, refused(error) ? 'refused' : 'unanswered');
    throw error;
  }
}
