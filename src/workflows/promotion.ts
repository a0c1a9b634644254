import {
  condition,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { type PromotionActivities, type Resolution } from '../activities/promotion-activities';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion';
import { describeApproval, describeFailure, describeOutcome, describeWait } from './descriptions';
import { type Approval, promoteUpdate, stateAttribute, supersedeSignal, yieldSignal } from './messages';
import { attemptOptions, type RetryWatch, withRetry } from './retry';
import { recordEnd, recordFailedAttempt } from './telemetry';
import { validateApproval } from './approval';

/** Shown as the search attribute WindlassState. */
type ShownState =
  'resolving' | 'waiting-for-approval' | 'promoting' | 'retrying' | PromotionOutcome['state'] | 'failed';

/** The store may be away for a while; that is no failure of the promotion. */
const { resolvePromotion } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});
const { openPullRequest, withdrawPullRequest, notify } = proxyActivities<PromotionActivities>(attemptOptions);

/**
 * One event's way into the next environment, from receipt to a terminal state. One row in the Temporal Web UI.
 * Fails, visibly, with a failure code as its type and a sentence that says what to do.
 */
export async function promotion(task: PromotionTask): Promise<PromotionOutcome> {
  let supersededBy: string | undefined;
  let yieldAsked = false;
  let approved = task.approved ?? false;
  let heldForApproval = false;

  setHandler(supersedeSignal, (by) => {
    supersededBy = by;
  });
  setHandler(yieldSignal, () => {
    yieldAsked = true;
  });
  setHandler(
    promoteUpdate,
    (approval) => {
      approved = true;
      return approval;
    },
    { validator: (approval: Approval) => validateApproval(approval, task.version, heldForApproval) },
  );

  const shouldStop = (): boolean => supersededBy !== undefined || yieldAsked;
  const stopped = (): PromotionOutcome =>
    supersededBy === undefined ? { state: 'yielded', approved } : { state: 'superseded', by: supersededBy };

  show('resolving');
  const resolution = await resolvePromotion(task);
  if (resolution.status === 'ignored')
    return end(resolution, { state: 'ignored', reason: resolution.reason });

  if (resolution.manual && task.action === 'promote' && !approved) {
    heldForApproval = true;
    show('waiting-for-approval', describeApproval(task));
    await condition(() => approved || shouldStop());
    heldForApproval = false;
  }

  const watch: RetryWatch = {
    shouldStop,
    onWait(failure, failedAttempts, waitMs) {
      recordFailedAttempt(resolution.strategy, failure.code);
      log.warn('attempt failed', { code: failure.code, failedAttempts, waitMs });
      show(
        'retrying',
        describeWait(task, failure.message, failedAttempts, resolution.retry.threshold, waitMs),
      );
    },
  };
  show('promoting');
  try {
    const outcome = await withRetry(resolution.retry, watch, () => attempt(task, resolution));
    return end(resolution, outcome ?? stopped());
  } catch (error) {
    show('failed', describeFailure(task, error instanceof Error ? error.message : String(error)));
    recordEnd(resolution.strategy, 'failed');
    throw error;
  }

  function end(resolved: Resolution, outcome: PromotionOutcome): PromotionOutcome {
    show(outcome.state, describeOutcome(task, outcome));
    recordEnd(resolved.status === 'ready' ? resolved.strategy : 'none', outcome.state);
    return outcome;
  }
}

async function attempt(
  task: PromotionTask,
  resolution: Extract<Resolution, { status: 'ready' }>,
): Promise<PromotionOutcome> {
  if (resolution.strategy === 'notification') {
    // A notification cannot be taken back: the CI system has it.
    if (task.action === 'withdraw') return { state: 'withdrawn' };
    await notify(task);
    return { state: 'notified' };
  }
  if (task.action === 'withdraw') return { state: 'withdrawn', ...(await withdrawPullRequest(task)) };
  return openPullRequest(task);
}

function show(state: ShownState, details = ''): void {
  upsertSearchAttributes([{ key: stateAttribute, value: state }]);
  setCurrentDetails(details);
}
