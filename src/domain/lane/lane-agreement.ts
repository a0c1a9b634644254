/** Whether a lane still wants what one of its promotions is about to do. Temporal can run a workflow again from an earlier point. */
import { isFor, keyOf } from '../promotion/promotion-news';
import { type PromotionTask } from '../promotion/promotion';
import { isHeld } from './held-versions';
import { type LaneState } from './lane-state';

/** `elsewhere`: it has another promotion in progress, or none. */
export type LaneAgreement = 'agrees' | 'held' | 'elsewhere';

export function laneAgreement(state: LaneState, task: PromotionTask): LaneAgreement {
  if (task.action === 'promote' && isHeld(state, task.version)) return 'held';
  const key = keyOf(task);
  const tasks = [state.inHand, state.settling?.task];
  return tasks.some((each) => each !== undefined && isFor(key, each)) ? 'agrees' : 'elsewhere';
}
