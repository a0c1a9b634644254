/** What a promotion does after its attempt: it waits until people and the environment have decided. */
import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type PromotionActivities } from '../activities/promotion-activities';
import { tests } from '../domain/gates/tests';
import { timesOf } from '../domain/lane/lane-outcome';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { followerId } from './contract/ids';
import { lookSignal } from './contract/messages';
import { gateFacts, resolvePromotion } from './gates';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { continuePromotion, type Followed, type Merged } from './continue-promotion';
import { tellLane } from './lane-link';
import { localFirst, withinTask } from './local-first';
import { lookUp } from './look-up';
import { type PromotionInbox } from './promotion-inbox';
import { type Progress } from './promotion-progress';

const followPullRequest = localFirst(
  proxyLocalActivities<PromotionActivities>(withinTask).followPullRequest,
  proxyActivities<PromotionActivities>(lookUp).followPullRequest,
);

const { tellGates } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
});

/** An environment without an Alert never reports: then this is how long its promotions are listed as merged only. */
const deployTimeoutMs = 24 * 60 * 60 * 1000;

interface Following {
  readonly task: PromotionTask;
  readonly inbox: PromotionInbox;
  readonly progress: Progress;
}

/** From the open pull request until it is merged and deployed, closed, or superseded. */
export async function followPullRequestToEnd(
  following: Following,
  opened: PullRequestOpened,
  times: PromotionTimes,
): Promise<PromotionOutcome> {
  const { task, inbox, progress } = following;
  const { url, number, repository } = opened;
  const { proposedAt = Date.now() } = times;
  await progress.proposed({ ...opened, proposedAt }, times.proposedAt !== undefined);
  const tell = () => tellLane(task, { stage: 'proposed', url, number, at: proposedAt });
  await tell();
  if (repository !== undefined) {
    const { pipeline, from, to } = task;
    await followPullRequest(repository, {
      workflowId: workflowInfo().workflowId,
      number,
      pipeline,
      from,
      to,
    });
  }
  for (;;) {
    const decision = (): PullRequestState | undefined =>
      inbox.pullRequest?.number === number && inbox.pullRequest.state !== 'open'
        ? inbox.pullRequest
        : undefined;
    await condition(
      () =>
        decision() !== undefined ||
        inbox.stopAsked() ||
        inbox.hasQuestion() ||
        workflowInfo().continueAsNewSuggested,
    );
    const decided = decision();
    if (decided !== undefined) {
      const { state, by, at = Date.now() } = decided;
      const ended = { url, number, proposedAt, ...(by === undefined ? {} : { by }) };
      if (state === 'closed') return { state, ...ended };
      return settleMerge(following, { state: 'merged', ...ended, mergedAt: at });
    }
    if (inbox.stopAsked()) return inbox.stopped();
    if (inbox.takeRejoin()) await tell();
    if (inbox.takeTestResult()) await onTestResult(following, { ...opened, proposedAt });
    // It runs there, so it must have been merged.
    if (inbox.takeReport() && repository !== undefined) await askToLook(repository);
    if (inbox.takeReconsideration()) {
      const resolution = await resolvePromotion(task);
      progress.resolved(resolution);
      if (resolution.status === 'ignored') return { state: 'ignored', reason: resolution.reason };
    }
    if (workflowInfo().continueAsNewSuggested) {
      await continuePromotion(task, { opened, times: { proposedAt }, rejoined: inbox.rejoined });
    }
  }
}

/** The pull request stays open, and says so. */
async function onTestResult(
  { task, inbox, progress }: Following,
  opened: PullRequestOpened & PromotionTimes,
): Promise<void> {
  const answer = tests(gateFacts(task, inbox), {});
  if (answer.open) await progress.testsPassed(opened);
  else await progress.testsFailed([answer.because]);
  if (opened.repository === undefined) return;
  try {
    await tellGates(opened.repository, opened.number, answer.open ? undefined : answer.because);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the gates could not be shown on the pull request', { error: String(error) });
  }
}

async function askToLook(repository: FollowedRepository): Promise<void> {
  try {
    await getExternalWorkflowHandle(followerId(repository)).signal(lookSignal);
  } catch (error) {
    log.info('no follower takes the hint', { error: String(error) });
  }
}

/** From the merge until the environment runs the version, or is not waited for any longer. */
export async function settleMerge(
  following: Following,
  merged: Merged,
  again = false,
): Promise<PromotionOutcome> {
  await following.progress.settling({ ...merged, settling: true }, again);
  const { mergedAt = Date.now() } = merged;
  const news = await settle(following, 'merged', mergedAt, { merged, times: timesOf(merged) });
  if (news?.type === 'deployed') return { ...merged, state: 'deployed', deployedAt: news.at };
  if (news?.type === 'rolled-back') return { ...merged, state: 'rolled-back', to: news.to };
  return merged;
}

/** The same from the notification on. */
export async function settleNotification(
  following: Following,
  times: PromotionTimes,
): Promise<PromotionOutcome> {
  const { notifiedAt = Date.now() } = times;
  const notified = { notifiedAt };
  const again = times.notifiedAt !== undefined;
  await following.progress.settling({ state: 'notified', settling: true, notifiedAt }, again);
  const news = await settle(following, 'notified', notifiedAt, { notified, times: notified });
  if (news?.type === 'deployed') return { ...notified, state: 'deployed', deployedAt: news.at };
  if (news?.type === 'rolled-back') return { ...notified, state: 'rolled-back', to: news.to };
  return { state: 'notified', ...notified };
}

async function settle(
  following: Following,
  stage: 'merged' | 'notified',
  at: number,
  kept: Omit<Followed, 'rejoined'>,
): Promise<PromotionInbox['environment']> {
  const { task, inbox } = following;
  for (;;) {
    await tellLane(task, { stage, at });
    const woken = await condition(
      () => inbox.environment !== undefined || inbox.hasQuestion() || workflowInfo().continueAsNewSuggested,
      Math.max(at + deployTimeoutMs - Date.now(), 1),
    );
    if (inbox.environment !== undefined || !woken) return inbox.environment;
    // A change of the Pipeline changes nothing any more.
    const reconsidered = inbox.takeReconsideration();
    if (!inbox.takeRejoin() && !reconsidered)
      await continuePromotion(task, { ...kept, rejoined: inbox.rejoined });
  }
}
