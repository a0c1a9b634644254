import { continueAsNew } from '@temporalio/workflow';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';

export type Merged = Extract<PromotionOutcome, { state: 'merged' }>;

/** What a promotion keeps when it continues as new. It is in workflow histories: add fields as optional ones. */
export interface Followed {
  readonly opened?: PullRequestOpened;
  readonly merged?: Merged;
  readonly notified?: PromotionTimes;
  readonly times: PromotionTimes;
  /** The lane hears of nothing by itself. */
  readonly rejoined: boolean;
}

/** The promotion continues with a short history. Temporal passes signals that arrive meanwhile to the next run. */
export function continuePromotion(task: PromotionTask, followed: Followed): Promise<never> {
  return continueAsNew<(task: PromotionTask, followed: Followed) => Promise<PromotionOutcome>>(
    task,
    followed,
  );
}
