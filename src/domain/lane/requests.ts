/** What people ask a lane for. */
import { type LaneStep } from './lane-step';
import { type LaneState, type LaneTask, type Report } from './lane-state';
import { orderKeyOf } from './order';
import { putFirst } from './queue';
import { goFirst } from './turns';

/** Someone asks for a version that is held. @param by who, where that is known: such a person does not approve it */
export function onRequest(state: LaneState, version: string, by?: string): LaneStep {
  const task = requestable(state, version);
  if (task === undefined) return { state };
  return promoteFirst(state, {
    ...task,
    start: 'again',
    ...(by === undefined ? {} : { requestedBy: [by] }),
  });
}

/** What someone asks for goes first, and is not held any more. */
export function promoteFirst(state: LaneState, asked: LaneTask): LaneStep {
  const { version, event } = asked;
  const held = (state.held ?? []).filter((each) => each.version !== version);
  const newest: Report = { ...orderKeyOf(event), version };
  const queued = putFirst({ ...state, held }, version);
  // What is queued is newer than that, and stays the last that the lane decided to promote.
  const known = queued.state.queue === undefined ? { newest } : {};
  return { ...queued, ...goFirst({ ...queued.state, ...known }, asked, version) };
}

/** The promotion of a held version that can be asked for. */
export function requestable({ held = [] }: LaneState, version: string): LaneTask | undefined {
  return held.find((each) => each.version === version)?.task;
}

/** An operator asks for the last failed promotion. */
export function onRetry(state: LaneState): LaneState {
  return isRetryable(state) ? { ...state, waiting: state.lastFailed } : state;
}

export function isRetryable(state: LaneState): state is LaneState & { readonly lastFailed: LaneTask } {
  return state.inHand === undefined && state.waiting === undefined && state.lastFailed !== undefined;
}
