import { continueAsNew } from '@temporalio/workflow';
import { type ProposalGates } from '../activities/promotion-activities';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';

/** An open pull request, and what it shows of its gates. */
export interface Opened extends PullRequestOpened {
  readonly shown?: ProposalGates;
  /** The last head that Windlass made itself. */
  readonly own?: string;
}

export type Merged = Extract<PromotionOutcome, { state: 'merged' }>;

/** What a promotion keeps when it continues as new. It is in workflow histories: add fields as optional ones. */
export interface Followed {
  readonly opened?: Opened;
  readonly merged?: Merged;
  readonly notified?: PromotionTimes;
  readonly times: PromotionTimes;
  /** The lane hears of nothing by itself. */
  readonly rejoined: boolean;
  /** Of its expiry's clock, milliseconds. */
  readonly ranMs?: number;
  /** What people were notified of. */
  readonly told?: readonly string[];
}

/** The promotion continues with a short history. Temporal passes signals that arrive meanwhile to the next run. */
export function continuePromotion(task: PromotionTask, followed: Followed): Promise<never> {
  return continueAsNew<(task: PromotionTask, followed: Followed) => Promise<PromotionOutcome>>(
    task,
    followed,
  );
}
