import { patched } from '@temporalio/workflow';
import { decidesAlike, transition } from '../domain/lane/lane';
import { type LaneInput } from '../domain/lane/lane-input';
import { type LaneStep } from '../domain/lane/lane-step';
import { type LaneState } from '../domain/lane/lane-state';
import { firstRules, unfollowedRules } from '../domain/lane/lane-rules';

/**
 * Lanes of 0.1 decided by other rules, and must do so again when their history is replayed. Only where the rules differ is
 * that marked: an old worker beside a new one can continue all other lanes.
 */
export function decide(state: LaneState, input: LaneInput): LaneStep {
  const step = transition(state, input, unfollowedRules);
  const first = transition(state, input, firstRules);
  return decidesAlike(first, step) || patched('lane-rules-0.2') ? step : first;
}
