import { log, patched, proxyActivities } from '@temporalio/workflow';
import { type LaneActivities, type LaneRef } from '../activities/lane-activities';
import { describeDrop, dropReasons, type DroppedEvent } from '../domain/lane/dropped-event';
import { recordDroppedEvent } from './telemetry';

const { reportDroppedEvent } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});
type DropReporter = (dropped: DroppedEvent) => void;

/** The lane does not wait for its reports. In a storm, one at a time is enough: metric and details have all of them. */
export function openDropReporter({ pipeline, environment }: LaneRef): DropReporter {
  let reporting = false;
  return (dropped) => {
    recordDroppedEvent(dropped.reason);
    log.info(describeDrop(dropped), { ...dropped });
    if (reporting || !dropReasons[dropped.reason].surprising || !patched('report-dropped-events')) return;
    reporting = true;
    reportDroppedEvent({ pipeline, environment }, dropped)
      .catch((error: unknown) =>
        log.warn('the dropped event could not be reported', { error: String(error) }),
      )
      .finally(() => (reporting = false));
  };
}
