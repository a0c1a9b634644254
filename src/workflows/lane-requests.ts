/** What people ask a lane for without the API: only where no key makes it needed. */
import { proxyActivities } from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { unvouchedFault } from '../domain/lane/acts';
import { type LaneState } from '../domain/lane/lane-state';
import { type PromotionRequest } from '../domain/promotion/promotion';
import { refusal } from './approval';
import { lookUp } from './look-up';

const { needsVouching } = proxyActivities<LaneActivities>(lookUp);

/**
 * A lane that has seen tokens takes a request without one only when the workers have no key any more, as in an emergency.
 * Its promotion would not show that no one vouches for the request: the report of a held version has a token of its own. So
 * the workers say it, which no client of Temporal can. Other requests are taken at once.
 * @param take takes the request
 * @throws ApplicationFailure that says what to use instead
 */
export function takeVouched<Answer>(
  state: LaneState,
  kind: PromotionRequest['kind'],
  capability: string | undefined,
  take: () => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  if (state.vouched !== true || capability !== undefined) return take();
  return needsVouching().then((isNeeded) => {
    if (isNeeded) throw refusal(unvouchedFault(state, kind));
    return take();
  });
}
