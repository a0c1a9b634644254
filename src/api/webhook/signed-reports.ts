/** What the webhook vouches for, in the events and facts that it records: see `src/domain/capability`. */
import { type CapabilitySigner } from '../../capability/capabilities';
import { contentOf } from '../../domain/capability/event-content';
import { type EnvironmentFact } from '../../domain/environment-fact';
import { type DeploymentEvent } from '../../domain/event';
import { type LaneReporter } from '../../temporal/lane-reporter';
import { laneId } from '../../workflows/contract/ids';

/**
 * Signs each report and each fact for its lane. The webhook has verified the event by then.
 * @param signer absent: nothing is signed
 * @param now milliseconds since the epoch
 */
export function signReports(
  lanes: LaneReporter,
  signer: CapabilitySigner | undefined,
  now: () => number,
): LaneReporter {
  if (signer === undefined) return lanes;
  return {
    ready: () => lanes.ready(),
    report(event: DeploymentEvent, to, deadlineMs) {
      const { pipeline, version, identity } = event;
      const capability = signer.sign({
        kind: 'report',
        lane: laneId(pipeline, to),
        version,
        identity,
        content: contentOf(event),
        at: now(),
      });
      return lanes.report({ ...event, capability }, to, deadlineMs);
    },
    recordFact(pipeline, fact: EnvironmentFact, into, deadlineMs) {
      const { kind, version, identity } = fact;
      const lane = laneId(pipeline, into);
      const capability = signer.sign({ kind: 'fact', fact: kind, lane, version, identity, at: now() });
      return lanes.recordFact(pipeline, { ...fact, capability }, into, deadlineMs);
    },
  };
}
