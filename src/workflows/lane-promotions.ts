/** The promotions of a lane, as it starts, hears and tells them. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  type ChildWorkflowHandle,
  type ExternalWorkflowHandle,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  type SignalDefinition,
} from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { type LaneTask } from '../domain/lane/lane-state';
import { type PromotionEnd } from '../domain/promotion/promotion';
import {
  type EnvironmentNews,
  keyOf,
  type PromotionKey,
  type PromotionNews,
} from '../domain/promotion/promotion-news';
import { environmentSignal, rejoinSignal, supersedeSignal } from './contract/messages';
import { lookUp } from './look-up';
import { type PendingSends } from './pending-sends';
import { type promotion } from './promotion';
import { failedEnd } from './promotion-end';
import { idOf, startPromotion } from './start-promotion';

const { promotionEnd } = proxyActivities<LaneActivities>(lookUp);

export interface LanePromotions {
  start(task: LaneTask): void;
  /** Takes over one that another run of the lane, or another lane, started. */
  rejoin(task: LaneTask): void;
  supersede(task: LaneTask, by: string): void;
  /** @param traceparent of the request that brought the news */
  tell(task: LaneTask, news: EnvironmentNews, traceparent?: string): void;
  /** It ends as cancelled. */
  cancel(task: LaneTask): void;
  /** Whether each start has been answered and each message was sent: until then, the lane must not continue as new. */
  isSettled(): boolean;
}

/**
 * @param onNews hears of the end of each, however it came about
 * @param sends where the messages to them are counted
 */
export function openPromotions(
  onNews: (of: PromotionKey, news: PromotionNews) => void,
  sends: PendingSends,
): LanePromotions {
  const starting = new Map<string, Promise<unknown>>();
  const ended = (task: LaneTask, end: PromotionEnd): void =>
    onNews(keyOf(task), { stage: 'ended', end, at: Date.now() });

  /** One that was terminated or has long ended does not answer. */
  const reach = async (
    task: LaneTask,
    by: string,
    act: (promotion: ExternalWorkflowHandle) => Promise<void>,
  ): Promise<void> => {
    await starting.get(idOf(task));
    try {
      await act(getExternalWorkflowHandle(idOf(task)));
    } catch (error) {
      log.debug('the promotion does not answer', { to: by, error: String(error) });
      const end = await promotionEnd(idOf(task));
      if (end !== undefined) ended(task, end);
    }
  };
  const send = <Args extends unknown[]>(
    task: LaneTask,
    signal: SignalDefinition<Args>,
    ...args: Args
  ): Promise<void> => reach(task, signal.name, (promotion) => promotion.signal(signal, ...args));

  const watch = async (
    task: LaneTask,
    child: Promise<ChildWorkflowHandle<typeof promotion>>,
  ): Promise<void> => {
    try {
      ended(task, await (await child).result());
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) await send(task, rejoinSignal);
      else ended(task, failedEnd(error));
    }
  };

  return {
    start(task) {
      const child = startPromotion(task);
      const answered = child.then(
        () => starting.delete(idOf(task)),
        () => starting.delete(idOf(task)),
      );
      starting.set(idOf(task), answered);
      void watch(task, child);
    },
    rejoin: (task) => sends.add(send(task, rejoinSignal)),
    supersede: (task, by) => sends.add(send(task, supersedeSignal, by)),
    cancel: (task) => sends.add(reach(task, 'cancel', (promotion) => promotion.cancel())),
    tell: (task, news, traceparent) =>
      sends.add(
        send(task, environmentSignal, news, ...(traceparent === undefined ? [] : ([traceparent] as const))),
      ),
    isSettled: () => starting.size === 0 && sends.allSent(),
  };
}
