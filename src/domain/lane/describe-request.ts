import { requestable } from './requests';
import { type LaneState } from './lane-state';
import { isQueued } from './queue';

/** What asking for a version brings about, as a sentence for the person who asks. */
export function describeRequest(state: LaneState, version: string): string {
  const { environment, held = [] } = state;
  if (requestable(state, version) !== undefined) return `Promoting ${version} into ${environment}.`;
  if (isQueued(state, version)) return `Nothing to promote: ${version} waits in the queue of ${environment}.`;
  const known = held.filter(({ task }) => task !== undefined).map((each) => each.version);
  const which = known.length === 0 ? 'none is' : `held: ${known.join(', ')}`;
  return `Nothing to promote: ${version} is not held in ${environment} (${which}).`;
}
