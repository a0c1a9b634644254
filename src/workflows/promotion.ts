import { CancellationScope, ContinueAsNew, isCancellation, patched } from '@temporalio/workflow';
import { type ReadyPromotion, type Resolution } from '../activities/promotion-activities';
import { type PromotionEnd, type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { attempt } from './attempt';
import { type Followed } from './continue-promotion';
import { followPullRequestToEnd, settleMerge, settleNotification } from './follow';
import { tellLane } from './lane-link';
import { passGates, resolvePromotion } from './gates';
import { openPromotionInbox, type PromotionInbox } from './promotion-inbox';
import { openProgress, type Progress } from './promotion-progress';
import { failedEnd } from './promotion-end';
import { countFailures } from './retry';

/**
 * One event's way into the next environment, from receipt to a terminal state. One row in the Temporal Web UI.
 * Fails, visibly, with a failure code as its type and a sentence that says what to do.
 */
export async function promotion(task: PromotionTask, followed?: Followed): Promise<PromotionOutcome> {
  const inbox = openPromotionInbox(task, followed?.rejoined);
  const progress = openProgress(task);
  const tellEnd = async (end: PromotionEnd): Promise<void> => {
    if (inbox.rejoined) await tellLane(task, { stage: 'ended', end, at: Date.now() });
  };
  try {
    const following = { task, inbox, progress };
    const outcome = await progress.ended(
      followed === undefined ? await promote(following) : await continueFollowing(following, followed),
    );
    await tellEnd(outcome);
    return outcome;
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    // A search for promotions that wait must not find one that has ended.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => progress.cancelled());
    else await progress.failed(error);
    await CancellationScope.nonCancellable(() => tellEnd(failedEnd(error)));
    throw error;
  }
}

interface Parts {
  readonly task: PromotionTask;
  readonly inbox: PromotionInbox;
  readonly progress: Progress;
}

async function promote(parts: Parts): Promise<PromotionOutcome> {
  const { task, inbox, progress } = parts;
  let resolution = await passGates(task, inbox, progress);
  if (resolution.status === 'ignored') return ignored(resolution);

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
      return task.followed === true ? followToEnd(parts, result) : result;
    }
    if (inbox.stopAsked() || !passesGatesAgain(resolution, inbox)) continue;
    const since = Date.now();
    resolution = await passGates(task, inbox, progress);
    if (resolution.status === 'ignored') return ignored(resolution);
    failures.leaveOut(Date.now() - since);
    if (!inbox.stopAsked()) await progress.goesOn();
  }
  return inbox.stopped();
}

/** Waits until people and the environment have decided. */
function followToEnd(parts: Parts, result: PromotionOutcome): Promise<PromotionOutcome> {
  if (result.state === 'pull-request') return followPullRequestToEnd(parts, result, {});
  if (result.state === 'notified') return settleNotification(parts, {});
  return Promise.resolve(result);
}

async function continueFollowing(
  parts: Parts,
  { merged, opened, notified, times }: Followed,
): Promise<PromotionOutcome> {
  // Whom to report to is not kept.
  parts.progress.resolved(await resolvePromotion(parts.task));
  if (merged !== undefined) return settleMerge(parts, merged, true);
  if (opened !== undefined) return followPullRequestToEnd(parts, opened, times);
  return notified === undefined ? promote(parts) : settleNotification(parts, notified);
}

/** Time closes windows and approvals, and tests may fail. Without them, a worker of 0.1 beside this one must be able to continue the promotion. */
function passesGatesAgain(
  { approvals, promoteOn, windows }: ReadyPromotion,
  { tests }: PromotionInbox,
): boolean {
  const canClose = (approvals ?? promoteOn ?? windows ?? tests) !== undefined;
  return canClose && patched('gates-before-each-attempt');
}

function ignored({ reason }: Extract<Resolution, { status: 'ignored' }>): PromotionOutcome {
  return { state: 'ignored', reason };
}
