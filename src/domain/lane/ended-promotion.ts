/** What the end of a promotion changes in its lane. */
import { type PromotionEnd } from '../promotion/promotion';
import { outcomeOf } from './lane-outcome';
import { type LaneState, type LaneTask } from './lane-state';

const outcomeLimit = 10;

/** The promotion in progress has ended. */
export function onEnded(state: LaneState, end: PromotionEnd, now: number): LaneState {
  const { inHand, ...idle } = state;
  if (inHand === undefined) return state;
  if (end.state === 'yielded') {
    const { state: yielded, ...given } = end;
    return { ...idle, waiting: state.waiting ?? { ...inHand, start: 'again', ...given } };
  }
  const { outcomes } = withOutcome(state, inHand, end, now);
  if (end.state === 'failed' || end.state === 'cancelled') {
    return { ...idle, outcomes, lastFailed: { ...inHand, start: 'again' } };
  }
  const { lastFailed, ...recovered } = idle;
  // A promotion that only stopped early does not fix an earlier failure.
  return end.state === 'superseded' && lastFailed !== undefined
    ? { ...recovered, lastFailed, outcomes }
    : { ...recovered, outcomes };
}

/** The state with one more line in the list of what ended. */
export function withOutcome(state: LaneState, task: LaneTask, end: PromotionEnd, at: number): LaneState {
  return { ...state, outcomes: [outcomeOf(task, end, at), ...state.outcomes].slice(0, outcomeLimit) };
}
