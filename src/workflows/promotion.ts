import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type PromotionActivities, type Resolution } from '../activities/promotion-activities';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import {
  type Approval,
  promoteUpdate,
  reconsiderSignal,
  supersedeSignal,
  yieldSignal,
} from './contract/messages';
import { passGates } from './gates';
import { report, show } from './progress';
import { attemptOptions, codeOf, type RetryWatch, withRetry } from './retry';
import { recordEnd, recordFailedAttempt } from './telemetry';
import { validateApproval } from './approval';

const { openPullRequest, withdrawPullRequest, notify } = proxyActivities<PromotionActivities>(attemptOptions);

/**
 * One event's way into the next environment, from receipt to a terminal state. One row in the Temporal Web UI.
 * Fails, visibly, with a failure code as its type and a sentence that says what to do.
 */
export async function promotion(task: PromotionTask): Promise<PromotionOutcome> {
  const audience: Audience = { reported: false };
  try {
    return await promote(task, audience);
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => tellCancelled(task, audience));
    throw error;
  }
}

/** Whether anybody has been told of this promotion, and so has to hear of its end. */
interface Audience {
  reported: boolean;
}

/** Nobody who looks for promotions that wait may find one that an operator has ended. */
async function tellCancelled(task: PromotionTask, { reported }: Audience): Promise<void> {
  const standing = { state: 'cancelled' } as const;
  show(task, standing);
  await report(reported, task, standing);
}

async function promote(task: PromotionTask, audience: Audience): Promise<PromotionOutcome> {
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

  let reconsider = false;
  setHandler(reconsiderSignal, () => {
    reconsider = true;
  });

  const shouldStop = (): boolean => supersededBy !== undefined || yieldAsked;
  const stopped = (): PromotionOutcome =>
    supersededBy === undefined ? { state: 'yielded', approved } : { state: 'superseded', by: supersededBy };

  show(task, { state: 'resolving' });
  const resolution = await passGates(task, {
    shouldStop,
    isApproved: () => approved,
    yieldNow() {
      yieldAsked = true;
    },
    takeReconsideration() {
      const asked = reconsider;
      reconsider = false;
      return asked;
    },
    async onShut(state, { reported }) {
      heldForApproval = state === 'waiting-for-approval';
      const standing = { state, workflowId: workflowInfo().workflowId };
      show(task, standing);
      audience.reported = reported === true;
      await report(reported, task, standing);
    },
    onOpen() {
      heldForApproval = false;
    },
  });
  if (resolution.status === 'ignored') return end({ state: 'ignored', reason: resolution.reason });

  const { strategy, reported, retry } = resolution;
  audience.reported = reported === true;
  const watch: RetryWatch = {
    shouldStop,
    onFailure: ({ code }) => recordFailedAttempt(strategy, code),
    onWait(failure, failedAttempts, waitMs) {
      const { code, message } = failure;
      const { threshold } = retry;
      show(task, { state: 'retrying', code, message, failedAttempts, threshold, waitMs });
    },
  };
  show(task, { state: 'promoting' });
  if (!shouldStop()) await report(reported, task, { state: 'started' });
  try {
    const outcome = await withRetry(retry, watch, () => attempt(task, resolution));
    return await end(outcome ?? stopped(), resolution);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const failed = { state: 'failed', code: codeOf(error), message } as const;
    show(task, failed);
    recordEnd(strategy, 'failed');
    await report(reported, task, failed);
    throw error;
  }

  async function end(
    outcome: PromotionOutcome,
    resolved?: Extract<Resolution, { status: 'ready' }>,
  ): Promise<PromotionOutcome> {
    show(task, outcome);
    // A promotion that yields starts again at once: that is no end.
    if (outcome.state !== 'yielded') recordEnd(resolved?.strategy ?? 'none', outcome.state);
    if (outcome.state !== 'yielded') await report(resolved?.reported, task, outcome);
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
