/** What a lane learns from its promotions while they are followed: proposed, merged or notified, ended. */
import { type PromotionEnd } from '../promotion/promotion';
import { isFor, type PromotionKey, type PromotionNews } from '../promotion/promotion-news';
import { onEnded, withOutcome } from './ended-promotion';
import { deployedNews, rolledBackBefore } from './environment-facts';
import { holdAfter, releaseUpTo } from './held-versions';
import { type LaneStep } from './lane-step';
import { rememberDeployed } from './later-rollback';
import { type LaneState, type LaneTask, type Settling } from './lane-state';
import { rollsBack } from './roll-back';

/** Each of them ends as soon as it gets its signal. */
const passedByLimit = 5;

/** @returns the state after what a followed promotion tells; news of any other promotion change nothing */
export function onNews(state: LaneState, of: PromotionKey, news: PromotionNews): LaneStep {
  const { inHand, settling } = state;
  const isInHand = inHand !== undefined && isFor(of, inHand);
  const isSettling = settling !== undefined && isFor(of, settling.task);
  if (news.stage === 'ended') {
    if (isInHand) return { state: onFollowedEnd(state, inHand, news.end, news.at) };
    const task = isSettling ? settling.task : state.passedBy?.find((each) => isFor(of, each));
    if (task === undefined) return { state };
    const settled = onSettled(state, task, news.end, news.at);
    return isSettling && news.end.state === 'deployed' ? rememberDeployed(settled, task) : { state: settled };
  }
  if (!isInHand || news.stage === 'decided') return { state };
  if (news.stage === 'waits') return { state: withWait(state, news) };
  if (news.stage === 'proposed') return { state: { ...withProposal(state, news), remembers: true } };
  const { proposal, ...rest } = state;
  return onActed({ ...rest, remembers: true }, inHand, news.stage, news.at);
}

/** What the promotion in progress waits for; without a sentence, nothing any more. */
function withWait(
  { waits, shown, approval: _before, ...rest }: LaneState,
  { sentence, state, approval }: Extract<PromotionNews, { stage: 'waits' }>,
): LaneState {
  const open = rest.proposal === undefined ? undefined : 'pull-request';
  const now = state ?? (sentence === undefined ? open : shown);
  return {
    ...rest,
    ...(sentence === undefined ? {} : { waits: sentence }),
    ...(now === undefined ? {} : { shown: now }),
    ...(sentence === undefined || approval === undefined ? {} : { approval }),
  };
}

/** It is said again to a lane that has continued as new. The first time, nothing before the proposal is waited for any more. */
function withProposal(
  state: LaneState,
  { url, number, at }: Extract<PromotionNews, { stage: 'proposed' }>,
): LaneState {
  const { waits, approval, proposal, ...rest } = state;
  if (proposal !== undefined) return { ...state, proposal: { url, number, at: proposal.at } };
  return { ...rest, proposal: { url, number, at }, shown: 'pull-request' };
}

/** It is merged or notified: the lane is free, and an earlier one that settles need not be waited for. */
function onActed(before: LaneState, task: LaneTask, stage: Settling['stage'], at: number): LaneStep {
  const { inHand, lastFailed, waits, approval, shown, deployed, ...idle } = before;
  const { settling: earlier, passedBy: ending = [] } = idle;
  const passing = earlier === undefined ? ending : [...ending, earlier.task].slice(-passedByLimit);
  const settles: LaneState = { ...idle, passedBy: passing, settling: { task, stage, at } };
  // Someone asked for a rollback while it was merged: the rollback continues, and what it holds stays held.
  const acted = rollsBack(settles) ? settles : releaseUpTo(settles, task.version);
  const { state, news } = rolledBackBefore(acted, task, at) ?? { state: acted, ...deployedNews(acted) };
  const passedBy = { type: 'passed-by', version: task.version } as const;
  const tell = [
    ...(earlier === undefined ? [] : [{ task: earlier.task, news: passedBy }]),
    ...(news === undefined ? [] : [news]),
  ];
  return { state, tell };
}

function onSettled(state: LaneState, task: LaneTask, end: PromotionEnd, at: number): LaneState {
  const { settling, passedBy = [], ...rest } = state;
  const left: LaneState = {
    ...rest,
    passedBy: passedBy.filter((each) => each !== task),
    ...(settling === undefined || settling.task === task ? {} : { settling }),
  };
  return withOutcome(holdAfter(left, task, end, at), task, end, at);
}

function onFollowedEnd(state: LaneState, task: LaneTask, end: PromotionEnd, at: number): LaneState {
  const { proposal, waits, approval, shown, ...rest } = state;
  return { ...holdAfter(onEnded(rest, end, at), task, end, at), remembers: true };
}
