import { log, patched, proxyActivities } from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { timesOf } from '../domain/lane/lane-outcome';
import { type LaterRollback } from '../domain/lane/later-rollback';
import { describeEnd } from '../domain/promotion/sentences';
import { plainSentence } from '../domain/rich-text';
import { idOf } from './start-promotion';

const { reportLaterEnd } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Corrects what the Pipeline says of a promotion that cannot say it itself, because it has ended. The lane does not wait. */
export function reportLaterRollback({ task, end, at }: LaterRollback): void {
  const message = plainSentence(describeEnd(task, end));
  log.info(message, { version: task.version, to: end.to });
  if (!patched('report-later-rollbacks')) return;
  const progress = {
    state: end.state,
    message,
    ...(end.url === undefined ? {} : { url: end.url }),
    times: timesOf(end),
    workflowId: idOf(task),
    at,
  };
  reportLaterEnd(task, progress).catch((error: unknown) =>
    log.warn('the rollback could not be reported', { error: String(error) }),
  );
}
