/** What a promotion does after its attempt: it waits until people and the environment have decided. */
import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type PromotionActivities } from '../activities/promotion-activities';
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
import { resolvePromotion } from './gates';
import { tellLane } from './lane-link';
import { type promotion } from './promotion';
import { type PromotionInbox } from './promotion-inbox';
import { type Progress } from './promotion-progress';

const { followPullRequest } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** An environment without an Alert never reports: then this is how long its promotions are listed as merged only. */
const deployTimeoutMs = 24 * 60 * 60 * 1000;

/** What a promotion keeps when it continues as new. It is in workflow histories: add fields as optional ones. */
export interface Followed {
  readonly opened?: PullRequestOpened;
  readonly merged?: Merged;
  readonly notified?: PromotionTimes;
  readonly times: PromotionTimes;
  /** The lane hears of nothing by itself. */
  readonly rejoined: boolean;
}

type Merged = Extract<PromotionOutcome, { state: 'merged' }>;

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
  await progress.proposed({ ...opened, proposedAt });
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
    const isDecided = (): boolean => inbox.pullRequest !== undefined && inbox.pullRequest.state !== 'open';
    let rejoin = false;
    let reconsider = false;
    let reported = false;
    await condition(
      () =>
        isDecided() ||
        inbox.stopAsked() ||
        (reported = inbox.takeReport()) ||
        (rejoin = inbox.takeRejoin()) ||
        (reconsider = inbox.takeReconsideration()) ||
        workflowInfo().continueAsNewSuggested,
    );
    const { pullRequest } = inbox;
    if (pullRequest !== undefined && pullRequest.state !== 'open') {
      const by = pullRequest.by === undefined ? {} : { by: pullRequest.by };
      const ended = { url, number, proposedAt, ...by };
      if (pullRequest.state === 'closed') return { state: 'closed', ...ended };
      return settleMerge(following, {
        state: 'merged',
        ...ended,
        mergedAt: pullRequest.at ?? Date.now(),
      });
    }
    if (inbox.stopAsked()) return inbox.stopped();
    if (rejoin) await tell();
    // It runs there, so it must have been merged.
    if (reported && repository !== undefined) await askToLook(repository);
    if (reconsider) {
      const resolution = await resolvePromotion(task);
      progress.resolved(resolution);
      if (resolution.status === 'ignored') return { state: 'ignored', reason: resolution.reason };
    }
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNewWith(following, { opened, times: { proposedAt } });
    }
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
export async function settleMerge(following: Following, merged: Merged): Promise<PromotionOutcome> {
  await following.progress.settling({ ...merged, settling: true });
  const { mergedAt = Date.now() } = merged;
  const news = await settle(following, 'merged', mergedAt, { merged, times: timesOf(merged) });
  const { state: _, ...facts } = merged;
  if (news?.type === 'deployed') return { ...facts, state: 'deployed', deployedAt: news.at };
  if (news?.type === 'rolled-back') return { ...facts, state: 'rolled-back', to: news.to };
  return merged;
}

/** The same from the notification on. */
export async function settleNotification(
  following: Following,
  times: PromotionTimes,
): Promise<PromotionOutcome> {
  const { notifiedAt = Date.now() } = times;
  const notified = { notifiedAt };
  await following.progress.settling({ state: 'notified', settling: true, notifiedAt });
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
    let rejoin = false;
    const woken = await condition(
      () =>
        inbox.environment !== undefined ||
        (rejoin = inbox.takeRejoin()) ||
        workflowInfo().continueAsNewSuggested,
      Math.max(at + deployTimeoutMs - Date.now(), 1),
    );
    if (inbox.environment !== undefined || !woken) return inbox.environment;
    if (!rejoin) await continueAsNewWith(following, kept);
  }
}

/** What has come in and is not looked at yet comes to the next run. */
function continueAsNewWith({ task, inbox }: Following, kept: Omit<Followed, 'rejoined'>): Promise<never> {
  return continueAsNew<typeof promotion>(task, { ...kept, rejoined: inbox.rejoined });
}
