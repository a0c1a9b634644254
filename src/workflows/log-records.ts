/** What a lane records is also in the worker's log, for those who keep it for years. */
import { log } from '@temporalio/workflow';
import { type LaneState } from '../domain/lane/lane-state';
import { auditLine } from '../domain/record/audit-line';
import { addedRecords } from '../domain/record/record-list';

/** Not when a history is replayed; twice where a workflow task runs again. @param before the records until now */
export function logRecords(
  { pipeline, environment, records }: LaneState,
  before: LaneState['records'],
): void {
  if (records === before) return;
  const place = { namespace: pipeline.namespace, pipeline: pipeline.name, environment };
  for (const record of addedRecords(before, records)) {
    log.info('audit', { ...auditLine(place, record, 'recorded') });
  }
}
