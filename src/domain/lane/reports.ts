/** What a lane remembers of its reporters, and which of their events come too late. */
import { type DeploymentEvent } from '../event';
import { type LaneRules } from './lane-rules';
import { type LaneState, type Report } from './lane-state';
import { orderKeyOf } from './order';

/** Targets of one environment; the least recent one is dropped first. */
const reporterLimit = 64;

/** @param last the reporter's last report */
export function rememberReport(
  state: LaneState,
  event: DeploymentEvent,
  last: Report | undefined,
): LaneState {
  const release = event.kind === 'rolled-back' ? last?.release : event.release;
  const report: Report = {
    at: event.at,
    reporter: event.reporter,
    version: event.version,
    object: event.object,
    ...(release === undefined ? {} : { release }),
  };
  const others = state.reports.filter(({ reporter }) => reporter !== event.reporter);
  return { ...state, reports: [...others, report].slice(-reporterLimit) };
}

/** An install that is not later than the last report is older: its release number does not define the order. */
export function isOutdated(event: DeploymentEvent, last: Report, rules: LaneRules): boolean {
  const order = rules.compareOrder(orderKeyOf(event), last);
  return order < 0 || (order === 0 && event.install);
}

/**
 * Whether another target of the environment still reports the previous version. A lower version is a rollback only if
 * this target reported the newer one; if the versions have no order, the time decides.
 */
export function isLateReport(
  event: DeploymentEvent,
  newest: Report,
  last: Report | undefined,
  { compareVersions }: LaneRules,
): boolean {
  const order = compareVersions(event.version, newest.version);
  if (order !== undefined && order < 0) {
    const ranNewest =
      last !== undefined &&
      (last.version === newest.version || (compareVersions(last.version, newest.version) ?? -1) > 0);
    return !ranNewest;
  }
  return event.reporter !== newest.reporter && event.at < newest.at;
}
