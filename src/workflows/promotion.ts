import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import { type ReadyPromotion, type Resolution } from '../activities/promotion-activities';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { attempt } from './attempt';
import { passGates } from './gates';
import { openPromotionInbox, type PromotionInbox } from './promotion-inbox';
import { openProgress, type Progress } from './promotion-progress';
import { countFailures } from './retry';

/**
 * One event's way into the next environment, from receipt to a terminal state. One row in the Temporal Web UI.
 * Fails, visibly, with a failure code as its type and a sentence that says what to do.
 */
export async function promotion(task: PromotionTask): Promise<PromotionOutcome> {
  const inbox = openPromotionInbox(task);
  const progress = openProgress(task);
  try {
    return await promote(task, inbox, progress);
  } catch (error) {
    // A search for promotions that wait must not find one that has ended.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => progress.cancelled());
    else await progress.failed(error);
    throw error;
  }
}

async function promote(
  task: PromotionTask,
  inbox: PromotionInbox,
  progress: Progress,
): Promise<PromotionOutcome> {
  let resolution = await passGates(task, inbox, progress);
  if (resolution.status === 'ignored') return progress.ended(ignored(resolution));

  progress.promoting();
  if (!inbox.stopAsked()) await progress.started();
  const failures = countFailures(resolution.retry);
  while (!inbox.stopAsked()) {
    const result = await attempt(task, resolution);
    if (result.state === 'attempt-failed') {
      progress.attemptFailed(result);
      const waitMs = failures.waitAfter(result);
      progress.retrying(result, failures, waitMs);
      await inbox.waitOrStop(waitMs);
    } else if (result.state !== 'gates-closed') {
      return progress.ended(result);
    }
    if (inbox.stopAsked() || !passesGatesAgain(resolution)) continue;
    const since = Date.now();
    resolution = await passGates(task, inbox, progress);
    if (resolution.status === 'ignored') return progress.ended(ignored(resolution));
    failures.leaveOut(Date.now() - since);
    if (!inbox.stopAsked()) await progress.goesOn();
  }
  return progress.ended(inbox.stopped());
}

/** Time closes windows and approvals. Without them, a worker of 0.1 beside this one must be able to continue the promotion. */
function passesGatesAgain({ approvals, windows }: ReadyPromotion): boolean {
  return (approvals !== undefined || windows !== undefined) && patched('gates-before-each-attempt');
}

function ignored({ reason }: Extract<Resolution, { status: 'ignored' }>): PromotionOutcome {
  return { state: 'ignored', reason };
}
