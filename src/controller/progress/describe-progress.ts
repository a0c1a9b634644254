/** Describes a promotion's progress for users of kubectl. */
import {
  notificationMessage,
  type PromotionProgress,
  type PromotionTask,
} from '../../domain/promotion/promotion';
import { type EventReason, promotionStates } from '../../domain/promotion/states';

export interface ProgressDescription {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  /** A sentence, of any length. */
  readonly message: string;
  readonly ended: boolean;
}

/** @returns undefined for an unknown state: a newer version may run at the same time */
export function describeProgress(
  task: PromotionTask,
  { state, message, ended }: PromotionProgress,
): ProgressDescription | undefined {
  if (!Object.hasOwn(promotionStates, state)) return undefined;
  const { event, ended: always } = promotionStates[state];
  return {
    ...event,
    ended: ended ?? always,
    // The wording of pipeline-controller; the notification-controller's event has the same.
    message:
      state === 'notified' && ended !== true
        ? notificationMessage(task.pipeline, task.to, task.version)
        : message,
  };
}
