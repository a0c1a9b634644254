/** After the merge or the notification: a promotion waits until its environment reports the version. */
import { condition, workflowInfo } from '@temporalio/workflow';
import { timesOf } from '../domain/lane/lane-outcome';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
} from '../domain/promotion/promotion';
import { continuePromotion, type Followed, type Merged } from './continue-promotion';
import { tellLane } from './lane-link';
import { type PromotionInbox } from './promotion-inbox';
import { type PromotionNotices } from './promotion-notices';
import { type Progress } from './promotion-progress';
import { tellLastDecisions } from './tell-decisions';

/** An environment without an Alert never reports: then this is how long its promotions are listed as merged only. */
const defaultDeployTimeoutMs = 24 * 60 * 60 * 1000;

export interface Settling {
  readonly task: PromotionTask;
  readonly inbox: PromotionInbox;
  readonly progress: Progress;
  readonly notices: PromotionNotices;
  /** `gates.deployTimeout`, in milliseconds. */
  readonly deployTimeoutMs?: number | undefined;
}

/** From the merge until the environment runs the version, or is not waited for any longer. */
export async function settleMerge(
  settling: Settling,
  merged: Merged,
  again = false,
): Promise<PromotionOutcome> {
  const state = merged.outsideGates === undefined ? 'merged' : 'merged-outside-gates';
  await settling.progress.settling({ ...merged, state, settling: true }, again);
  const { mergedAt = Date.now() } = merged;
  const news = await settle(settling, 'merged', mergedAt, { merged, times: timesOf(merged) });
  if (news?.type === 'deployed') return { ...merged, state: 'deployed', deployedAt: news.at };
  if (news?.type === 'rolled-back') return { ...merged, state: 'rolled-back', to: news.to };
  return merged;
}

/** The same from the notification on. */
export async function settleNotification(
  settling: Settling,
  times: PromotionTimes,
): Promise<PromotionOutcome> {
  const { notifiedAt = Date.now() } = times;
  const notified = { ...times, notifiedAt };
  const again = times.notifiedAt !== undefined;
  await settling.progress.settling({ state: 'notified', settling: true, ...notified }, again);
  const news = await settle(settling, 'notified', notifiedAt, { notified, times: notified });
  if (news?.type === 'deployed') return { ...notified, state: 'deployed', deployedAt: news.at };
  if (news?.type === 'rolled-back') return { ...notified, state: 'rolled-back', to: news.to };
  return { state: 'notified', ...notified };
}

async function settle(
  { task, inbox, notices, deployTimeoutMs = defaultDeployTimeoutMs }: Settling,
  stage: 'merged' | 'notified',
  at: number,
  kept: Omit<Followed, 'rejoined'>,
): Promise<PromotionInbox['environment']> {
  for (;;) {
    await tellLane(task, { stage, at, ...mergedBy(kept.merged) });
    const woken = await condition(
      () => inbox.environment !== undefined || inbox.hasQuestion() || workflowInfo().continueAsNewSuggested,
      Math.max(at + deployTimeoutMs - Date.now(), 1),
    );
    if (inbox.environment !== undefined || !woken) return inbox.environment;
    // A change of the Pipeline, or a gate that someone opens, changes nothing any more.
    inbox.takeOverrides();
    const reconsidered = inbox.takeReconsideration();
    if (!inbox.takeRejoin() && !reconsidered) {
      await tellLastDecisions(task, inbox);
      await continuePromotion(task, { ...kept, rejoined: inbox.rejoined, ...notices.kept() });
    }
  }
}

/** For the lane's record, before the promotion has ended. */
function mergedBy(merged: Merged | undefined): Pick<Merged, 'by' | 'outsideGates'> {
  if (merged === undefined) return {};
  const { by, outsideGates } = merged;
  return {
    ...(by === undefined ? {} : { by }),
    ...(outsideGates === undefined ? {} : { outsideGates }),
  };
}
