import { proxySinks, type Sinks } from '@temporalio/workflow';
import { type FailureCode } from '../domain/errors';
import { type DropReason } from '../domain/lane/dropped-event';
import { type PromotionOutcome } from '../domain/promotion/promotion';

export type PromotionStrategy = 'pull-request' | 'notification' | 'none';

/** Counted by the worker, outside the workflow; never during a replay. */
export interface PromotionSinks extends Sinks {
  promotions: {
    ended(strategy: PromotionStrategy, result: PromotionOutcome['state'] | 'failed' | 'quarantined'): void;
    attemptFailed(strategy: PromotionStrategy, code: FailureCode): void;
  };
  lanes: {
    eventDropped(reason: DropReason): void;
  };
}

const { promotions, lanes } = proxySinks<PromotionSinks>();

export function recordEnd(
  strategy: PromotionStrategy,
  result: PromotionOutcome['state'] | 'failed' | 'quarantined',
): void {
  promotions.ended(strategy, result);
}

export function recordFailedAttempt(strategy: PromotionStrategy, code: FailureCode): void {
  promotions.attemptFailed(strategy, code);
}

export function recordDroppedEvent(reason: DropReason): void {
  lanes.eventDropped(reason);
}
