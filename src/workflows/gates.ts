/**
 * What stands between a promotion and its first attempt: today's Pipeline, a suspension, an approval.
 */
import { condition, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { type PromotionActivities, type Resolution } from '../activities/promotion-activities';
import { type PromotionTask } from '../domain/promotion/promotion';

/** The store may be away for a while; that is no failure of the promotion. */
const { resolvePromotion } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** How often a suspended promotion looks whether it still is. */
const suspendedPollMs = { first: 5_000, last: 60_000 };

type Ready = Extract<Resolution, { status: 'ready' }>;

export interface Gatekeeper {
  isApproved(): boolean;
  shouldStop(): boolean;
  /** Asks the lane, by way of the promotion's end, for a fresh start with a short history. */
  yieldNow(): void;
  /** True once after somebody asked the promotion to look at the Pipeline again. */
  takeReconsideration(): boolean;
  /** A gate is shut; `openGate` tells when it is not any more. */
  onShut(state: 'waiting-for-approval' | 'suspended', resolution: Ready): Promise<void>;
  onOpen(): void;
}

/** Waits until the promotion may act, or should stop. @returns the Pipeline's word as of then */
export async function passGates(task: PromotionTask, keeper: Gatekeeper): Promise<Resolution> {
  let pollMs = suspendedPollMs.first;
  let shownSuspended = false;
  for (;;) {
    const resolution = await resolvePromotion(task);
    if (resolution.status === 'ignored' || keeper.shouldStop()) return resolution;
    if (resolution.suspended === true) {
      if (!shownSuspended) await keeper.onShut('suspended', resolution);
      shownSuspended = true;
      await condition(() => keeper.shouldStop() || keeper.takeReconsideration(), pollMs);
      pollMs = Math.min(pollMs * 2, suspendedPollMs.last);
      if (workflowInfo().continueAsNewSuggested) keeper.yieldNow();
      if (keeper.shouldStop()) return resolution;
      continue;
    }
    if (!resolution.manual || task.action === 'withdraw' || keeper.isApproved()) return resolution;
    await keeper.onShut('waiting-for-approval', resolution);
    await condition(() => keeper.isApproved() || keeper.shouldStop());
    keeper.onOpen();
    // It may have waited for weeks: the Pipeline is read again. Promotions held before 0.2 went on with what they had.
    if (keeper.shouldStop() || !patched('reread-after-approval')) return resolution;
  }
}
