/** A promotion's progress as somebody with kubectl reads it. */
import {
  notificationMessage,
  type PromotionProgress,
  type PromotionTask,
} from '../../domain/promotion/promotion';
import { type EventReason, promotionStates } from '../../domain/promotion/states';

export interface ProgressDescription {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  /** A sentence, as long as it came out. */
  readonly message: string;
  readonly ended: boolean;
}

/** @returns undefined for a state that this version does not know: a newer one may run beside it */
export function describeProgress(
  task: PromotionTask,
  { state, message }: PromotionProgress,
): ProgressDescription | undefined {
  if (!Object.hasOwn(promotionStates, state)) return undefined;
  const { event, ended } = promotionStates[state];
  return {
    ...event,
    ended,
    // Worded by the original; the event that the notification-controller gets says the same.
    message: state === 'notified' ? notificationMessage(task.pipeline, task.to, task.version) : message,
  };
}
