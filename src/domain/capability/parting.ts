/** Whether a promotion may say that it ends on its pull request, and close it: pure, asked right before it does. */
import { type Vouched } from '../approvals/vouched';
import { type PromotionTask } from '../promotion/promotion';
import { type AuthorityIds, originFault } from './authority';
import { type VerifyClaim } from './claim';

/** Who rejected the promotion. */
export interface RejectedBy extends Vouched {
  readonly by: string;
}

/**
 * @param rejection absent: time or an edit of the Pipeline ended the promotion
 * @returns a sentence; undefined: it may
 */
export function partingFault(
  task: PromotionTask,
  ids: AuthorityIds,
  rejection: RejectedBy | undefined,
  verify: VerifyClaim,
): string | undefined {
  const claimOf = (token: string | undefined) => (token === undefined ? undefined : verify(token));
  const origin = originFault(task, ids, claimOf);
  if (origin !== undefined || rejection === undefined) return origin;
  const claim = claimOf(rejection.capability);
  const fits =
    claim?.kind === 'reject' &&
    claim.promotion === ids.promotion &&
    claim.version === task.version &&
    claim.actor.name === rejection.by &&
    claim.actor.via === rejection.via;
  return fits ? undefined : `Nothing vouches for the rejection by ${rejection.by}.`;
}
