import { CancellationScope, ContinueAsNew, isCancellation, patched, setHandler } from '@temporalio/workflow';
import { type ReadyPromotion } from '../activities/promotion-activities';
import { type PromotionEnd, type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { attempt } from './attempt';
import { type Followed } from './continue-promotion';
import { proposedHeadQuery } from './contract/messages';
import { followPullRequestToEnd } from './follow';
import { settleMerge, settleNotification } from './settle';
import { tellLane } from './lane-link';
import { openExpiryClock } from './expiry-clock';
import { gateFacts, passGates, type Passing, resolvePromotion, withDecisions } from './gates';
import { gatesToShow } from './proposal-gates';
import { openPromotionInbox, type PromotionInbox } from './promotion-inbox';
import { openPromotionNotices } from './promotion-notices';
import { openProgress } from './promotion-progress';
import { failedEnd } from './promotion-end';
import { countFailures } from './retry';
import { tellDecisions, tellLastDecisions } from './tell-decisions';

/** The store of one worker may be so far behind that of another. */
const beforeNextAttemptMs = 5_000;

/**
 * One event's way into the next environment, from receipt to a terminal state. One row in the Temporal Web UI.
 * Fails, visibly, with a failure code as its type and a sentence that says what to do.
 */
export async function promotion(task: PromotionTask, followed?: Followed): Promise<PromotionOutcome> {
  const inbox = openPromotionInbox(task, followed?.rejoined);
  setHandler(proposedHeadQuery, () => inbox.head ?? null);
  const notices = openPromotionNotices(task, () => gateFacts(task, inbox), followed?.told);
  const progress = openProgress(task, notices);
  const tellEnd = async (end: PromotionEnd): Promise<void> => {
    if (inbox.rejoined) await tellLane(task, { stage: 'ended', end, at: Date.now() });
  };
  try {
    const following: Passing = { task, inbox, progress, notices, clock: openExpiryClock(followed?.ranMs) };
    const reached =
      followed === undefined ? await promote(following) : await continueFollowing(following, followed);
    await tellDecisions(task, inbox);
    const outcome = await progress.ended(reached);
    await tellEnd(outcome);
    return outcome;
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    // A search for promotions that wait must not find one that has ended.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => progress.cancelled());
    else await progress.failed(error);
    await CancellationScope.nonCancellable(async () => {
      await tellLastDecisions(task, inbox);
      await tellEnd(failedEnd(error));
    });
    throw error;
  }
}

async function promote(parts: Passing): Promise<PromotionOutcome> {
  const { task, inbox, progress } = parts;
  let resolution = await passGates(parts);
  if (resolution.status !== 'ready') return endedAtGates(resolution);

  progress.promoting();
  if (!inbox.stopAsked()) await progress.started();
  const failures = countFailures(resolution.retry);
  while (!inbox.stopAsked()) {
    const shown = gatesToShow(parts, resolution);
    const result = await attempt(withDecisions(task, inbox), resolution, shown);
    if (result.state === 'attempt-failed') {
      progress.attemptFailed(result);
      const waitMs = failures.waitAfter(result);
      await progress.retrying(result, failures, waitMs);
      await inbox.waitOrStop(waitMs);
    } else if (result.state !== 'gates-closed') {
      return task.followed === true ? followToEnd(parts, result, resolution, shown) : result;
    }
    const isClosed = result.state === 'gates-closed';
    if (inbox.stopAsked() || (!passesGatesAgain(resolution, inbox) && !isClosed)) continue;
    const since = Date.now();
    resolution = await passGates(parts);
    if (resolution.status !== 'ready') return endedAtGates(resolution);
    // What the attempt saw, another worker may not see yet.
    if (isClosed && Date.now() - since < beforeNextAttemptMs && patched('wait-after-closed-gates')) {
      await inbox.waitOrStop(beforeNextAttemptMs);
    }
    failures.leaveOut(Date.now() - since);
    if (!inbox.stopAsked()) await progress.goesOn();
  }
  return inbox.stopped();
}

/** Waits until people and the environment have decided. */
function followToEnd(
  parts: Passing,
  result: PromotionOutcome,
  resolution: ReadyPromotion,
  shown: ReturnType<typeof gatesToShow>,
): Promise<PromotionOutcome> {
  if (result.state === 'pull-request') {
    // Code from before heads mattered did not show the gates.
    const opened = result.head === undefined ? result : { ...result, shown };
    return followPullRequestToEnd(parts, opened, {}, resolution);
  }
  const { deployTimeoutMs } = resolution;
  if (result.state === 'notified') return settleNotification({ ...parts, deployTimeoutMs }, {});
  return Promise.resolve(result);
}

async function continueFollowing(
  parts: Passing,
  { merged, opened, notified, times }: Followed,
): Promise<PromotionOutcome> {
  const found = await resolvePromotion(parts.task);
  // Whom to report to is not kept.
  parts.progress.resolved(found);
  const resolution = found.status === 'ready' ? found : undefined;
  const settling = { ...parts, deployTimeoutMs: resolution?.deployTimeoutMs };
  if (merged !== undefined) return settleMerge(settling, merged, true);
  if (opened !== undefined) return followPullRequestToEnd(parts, opened, times, resolution);
  return notified === undefined ? promote(parts) : settleNotification(settling, notified);
}

/** Time closes windows and approvals, and tests may fail. Without them, a worker of 0.1 beside this one must be able to continue the promotion. */
function passesGatesAgain(
  { approvals, promoteOn, windows }: ReadyPromotion,
  { tests }: PromotionInbox,
): boolean {
  const canClose = (approvals ?? promoteOn ?? windows ?? tests) !== undefined;
  return canClose && patched('gates-before-each-attempt');
}

type GatesNotPassed = Exclude<Awaited<ReturnType<typeof passGates>>, { status: 'ready' }>;

function endedAtGates(ended: GatesNotPassed): PromotionOutcome {
  return ended.status === 'expired'
    ? { state: 'expired', afterMs: ended.afterMs }
    : { state: 'ignored', reason: ended.reason };
}
