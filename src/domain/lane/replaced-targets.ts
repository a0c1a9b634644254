import { type DeploymentEvent } from '../event';
import { type LaneState, type Report } from './lane-state';

/**
 * A HelmRelease that was deleted and installed again has a new uid: it starts a new order. What only the deleted one
 * reported counts no more, so that a lower version is promoted and takes the place of the higher one. Only an
 * install says so: any other first report may be that of a further cluster.
 * @param event the first one of its reporter
 */
export function forgetReplaced(state: LaneState, event: DeploymentEvent): LaneState {
  const isGone = (report: Report): boolean =>
    report.reporter !== event.reporter && report.object === event.object && report.at <= event.at;
  if (!event.install || event.soleTarget !== true || !state.reports.some(isGone)) return state;
  const reports = state.reports.filter((report) => !isGone(report));
  const { newest, ...rest } = state;
  const isKept =
    newest === undefined ||
    newest.version === event.version ||
    !state.reports.some((report) => isGone(report) && report.reporter === newest.reporter) ||
    reports.some(({ version }) => version === newest.version);
  return isKept ? { ...state, reports } : { ...rest, reports };
}
