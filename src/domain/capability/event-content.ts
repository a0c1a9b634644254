import { type DeploymentEvent } from '../event';
import { sha256Hex } from '../names';

/**
 * What a `ReportClaim` vouches for besides the event's identity: its order, digest and reporter decide what is written where.
 * @returns 64 hex digits, the same for any order of the fields
 */
export function contentOf(event: DeploymentEvent): string {
  const { capability, pipeline, ...fields } = event;
  const said = { ...fields, pipeline: [pipeline.namespace, pipeline.name] };
  return sha256Hex(JSON.stringify(Object.entries(said).sort(([a], [b]) => (a < b ? -1 : 1))));
}
