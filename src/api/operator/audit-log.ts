import { type Logger } from 'pino';
import { type AuditRecord } from '../../domain/record/audit-record';

export interface AuditPlace {
  readonly namespace: string;
  readonly pipeline?: string;
  readonly environment?: string;
}

export type AuditLog = (place: AuditPlace, record: AuditRecord) => void;

/** Writes one JSON line for each decision to the log, under the key `audit`, for those who keep it for years. */
export function createAuditLog(logger: Pick<Logger, 'info'>): AuditLog {
  return (place, record) => {
    const { at, key, ...rest } = record;
    logger.info({ audit: { ...rest, at: new Date(at).toISOString(), ...place } }, 'audit');
  };
}
