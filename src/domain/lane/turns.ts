/** Which promotion of a lane is next. */
import { type DropReason } from './dropped-event';
import { type LaneStep } from './lane-step';
import { type LaneState, type LaneTask } from './lane-state';
import { forgetQueued, joinQueue, leaveQueue, leftOf } from './queue';

/** The newest task waits; the promotion in progress is asked to stop, and what is queued takes no turn any more. */
export function enqueue(
  state: LaneState,
  task: LaneTask,
  by: string,
  reason: DropReason = 'superseded',
): LaneStep {
  const { action, version } = task;
  const isSame = (queued: LaneTask): boolean => action === 'promote' && queued.version === version;
  const left = leaveQueue(forgetQueued(state, isSame), reason);
  return { ...left, ...goFirst(left.state, task, by) };
}

/** The task waits, before what is queued. */
export function goFirst(state: LaneState, task: LaneTask, by: string): LaneStep {
  return {
    state: { ...state, waiting: task },
    ...(state.inHand === undefined ? {} : { supersede: by }),
  };
}

/** The newest task waits until what acts has ended, in place of what is queued. */
export function waitBehind(state: LaneState, task: LaneTask): LaneStep {
  const left = leaveQueue(state, 'superseded');
  const joined = joinQueue(left.state, task);
  return { ...joined, ...leftOf(left, joined) };
}
