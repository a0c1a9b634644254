/** What a promotion does while its pull request is open: it waits until people, gates and time have decided. */
import {
  condition,
  isCancellation,
  log,
  patched,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type PromotionActivities, type ReadyPromotion } from '../activities/promotion-activities';
import { type GatePolicies } from '../domain/gates/registry';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import {
  type FollowedRepository,
  isSameRepository,
  referenceKey,
} from '../domain/promotion/followed-repository';
import { type EndFacts, partingComment } from '../domain/promotion/sentences';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { attempt } from './attempt';
import { type AutoMerge, autoMerger } from './auto-merge';
import { lookSignal } from './contract/messages';
import { tellFollower } from './follower-link';
import { earliest, type Passing, resolvePromotion, withDecisions } from './gates';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { continuePromotion, type Merged, type Opened } from './continue-promotion';
import { tellLane } from './lane-link';
import { localFirst, withinTask } from './local-first';
import { lookUp } from './look-up';
import { gatesToShow, watchProposal } from './proposal-gates';
import { settleMerge } from './settle';
import { hasDecisionsToTell, tellDecisions, tellLastDecisions } from './tell-decisions';

const followPullRequest = localFirst(
  proxyLocalActivities<PromotionActivities>(withinTask).followPullRequest,
  proxyActivities<PromotionActivities>(lookUp).followPullRequest,
);

const { partFromPullRequest } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '5 minutes' },
});

/** Code from before the gates of open pull requests mattered knew failed tests only. */
const noGates: Policies = { manual: false };
type Policies = GatePolicies & Pick<ReadyPromotion, 'autoMerge' | 'expireAfterMs' | 'deployTimeoutMs'>;

/** From the open pull request until it is merged and deployed, closed, expired, rejected or superseded. */
export async function followPullRequestToEnd(
  passing: Passing,
  opened: Opened,
  times: PromotionTimes,
  resolution: ReadyPromotion | undefined,
): Promise<PromotionOutcome> {
  const { task, inbox, progress, notices, clock } = passing;
  const { url, number, repository, shown } = opened;
  const { proposedAt = Date.now() } = times;
  const kept = { ...times, ...approvalTime(passing), proposedAt };
  await progress.proposed({ ...opened, ...kept }, times.proposedAt !== undefined);
  const tell = () => tellLane(task, { stage: 'proposed', url, number, at: proposedAt });
  await tell();
  if (repository !== undefined) await follow(passing, repository, opened);

  const weighsGates = patched('gates-of-open-pull-requests');
  if (opened.head !== undefined && inbox.head === undefined) inbox.propose(opened.head, opened.own);
  const watch = watchProposal(passing, weighsGates ? (shown ?? { matter: false }) : undefined);
  let policies: Policies = (weighsGates ? resolution : undefined) ?? noGates;
  let current: PullRequestOpened = opened;
  const merger = autoMerger(passing, opened, () =>
    repository === undefined ? Promise.resolve() : follow(passing, repository, current),
  );
  /** To another Secret or address of the same repository, which another follower looks at. */
  let isMoved = false;
  const part = (end: EndFacts, close: boolean) => partFrom(passing, current, end, close);

  for (;;) {
    // What comes in while the gates are weighed and shown is weighed next.
    const { approvals, head, hasTurn } = inbox;
    const look = weighsGates
      ? await watch.look(policies, { ...current, ...kept }, merger.leaveQueue)
      : undefined;
    const merge = await mergeIfWanted(merger, policies, current, look);
    if (merge.ended !== undefined) inbox.learn(merge.ended);
    const decision = (): PullRequestState | undefined =>
      inbox.pullRequest?.number === number && inbox.pullRequest.state !== 'open'
        ? inbox.pullRequest
        : undefined;
    const expiryMs = weighsGates ? clock.leftMs(policies.expireAfterMs) : undefined;
    const isDue = (): boolean =>
      decision() !== undefined ||
      inbox.stopAsked() ||
      inbox.hasQuestion() ||
      inbox.approvals !== approvals ||
      inbox.head !== head ||
      inbox.hasTurn !== hasTurn ||
      hasDecisionsToTell(task, inbox) ||
      needsRebuild(passing, current) ||
      merge.rebuild ||
      workflowInfo().continueAsNewSuggested;
    const woken = await until(isDue, earliest(look?.lookMs, expiryMs, merge.lookMs));
    await tellDecisions(task, inbox);
    const decided = decision();
    if (decided !== undefined) {
      const { state, by, at = Date.now() } = decided;
      const ended = { url, number, ...kept, ...approvalTime(passing), ...(by === undefined ? {} : { by }) };
      if (state === 'closed') return { state, ...ended };
      const closed = merger.hasMerged(decided.head)
        ? []
        : watch.closedAt(policies, at, decided.head ?? inbox.head);
      const outside = closed.length === 0 ? {} : { outsideGates: closed.map(({ brief }) => brief) };
      const merged: Merged = { state: 'merged', ...ended, mergedAt: notBefore(proposedAt, at), ...outside };
      return settleMerge({ ...passing, deployTimeoutMs: policies.deployTimeoutMs }, merged);
    }
    if (inbox.stopAsked()) {
      await merger.leaveQueueForGood();
      const stopped = inbox.stopped();
      if (stopped.state !== 'rejected' || !weighsGates) return stopped;
      await part(stopped, true);
      return { ...stopped, url };
    }
    const { expireAfterMs } = policies;
    if (expireAfterMs !== undefined && clock.leftMs(expireAfterMs) === 0) {
      await merger.leaveQueueForGood();
      const expired = { state: 'expired', afterMs: expireAfterMs, url, number } as const;
      await part(expired, true);
      return expired;
    }
    for (const override of inbox.takeOverrides()) await progress.overridden(override);
    if (inbox.takeRejoin()) await tell();
    if (inbox.takeTestResult() && !weighsGates)
      await watch.look(policies, { ...current, ...kept }, merger.leaveQueue);
    // It runs there, so it must have been merged.
    if (inbox.takeReport() && repository !== undefined) await tellFollower(repository, lookSignal);
    if (needsRebuild(passing, current) || merge.rebuild) {
      const rebuilt = await rebuild(passing, current, policies);
      if (rebuilt !== undefined) {
        current = rebuilt;
        if (repository !== undefined) await follow(passing, repository, current);
      }
    }
    // A timer: windows were read for so long only.
    if (inbox.takeReconsideration() || (!woken && weighsGates)) {
      const found = await resolvePromotion(task);
      progress.resolved(found);
      if (found.status === 'ignored') {
        await merger.leaveQueue();
        const ignored = { state: 'ignored', reason: found.reason } as const;
        if (weighsGates) await part(ignored, false);
        return ignored;
      }
      if (weighsGates) policies = found;
      const place = placeNow(found, current);
      if (place === 'elsewhere') {
        await merger.leaveQueue();
        return { state: 'ignored', reason: movedReason(task) };
      }
      isMoved = place !== undefined;
      if (place !== undefined) current = { ...current, repository: place };
    }
    // What was decided while the lane was told stops the promotion before that.
    const isDueAnew = isMoved || workflowInfo().continueAsNewSuggested;
    if (isDueAnew && !((await tellLastDecisions(task, inbox)) && inbox.stopAsked())) {
      const known = {
        ...(inbox.head === undefined ? {} : { head: inbox.head }),
        ...(inbox.own === undefined ? {} : { own: inbox.own }),
        ...(merger.mayBeInQueue() ? { queued: true as const } : {}),
      };
      await continuePromotion(withDecisions(task, inbox), {
        opened: { ...opened, ...current, ...known, shown: watch.shown() },
        times: kept,
        rejoined: inbox.rejoined,
        ranMs: clock.ranMs(),
        ...notices.kept(),
      });
    }
  }
}

/** @returns where the Pipeline of today has the pull request's repository; undefined: as before, or an older worker read it */
function placeNow(
  { strategy, repository: now }: ReadyPromotion,
  { repository: before }: PullRequestOpened,
): FollowedRepository | 'elsewhere' | undefined {
  if (before === undefined) return undefined;
  if (strategy === 'notification') return patched('leave-pull-requests') ? 'elsewhere' : undefined;
  if (now === undefined || referenceKey(now) === referenceKey(before)) return undefined;
  return isSameRepository(now, before) ? now : 'elsewhere';
}

function movedReason({ pipeline, from, to }: PromotionTask): string {
  return `The pipeline ${formatPipelineRef(pipeline)} no longer promotes from ${from} to ${to} in the repository of this pull request.`;
}

/** Services give the time of a merge in whole seconds. */
function notBefore(proposedAt: number, at: number): number {
  return at < proposedAt && proposedAt - at < 1_000 ? proposedAt : at;
}

/** @returns false when so many milliseconds have passed before */
async function until(isDue: () => boolean, ms: number | undefined): Promise<boolean> {
  if (ms !== undefined) return condition(isDue, Math.max(ms, 1));
  await condition(isDue);
  return true;
}

function approvalTime({ inbox }: Passing): Pick<PromotionTimes, 'approvedAt'> {
  return inbox.approvedAt === undefined ? {} : { approvedAt: inbox.approvedAt };
}

function follow(
  { task }: Passing,
  repository: FollowedRepository,
  { number, head }: PullRequestOpened,
): Promise<void> {
  const { pipeline, from, to } = task;
  return followPullRequest(repository, {
    workflowId: workflowInfo().workflowId,
    number,
    ...(head === undefined ? {} : { head, own: head }),
    pipeline,
    from,
    to,
  });
}

async function mergeIfWanted(
  merger: AutoMerge,
  { autoMerge }: Policies,
  current: PullRequestOpened,
  look: { readonly closed: readonly unknown[]; readonly until: number | undefined } | undefined,
): ReturnType<AutoMerge['tryToMerge']> {
  const isWanted = autoMerge === true && look?.closed.length === 0 && current.downgrade !== true;
  return isWanted ? merger.tryToMerge(current, look.until) : merger.rest();
}

/** Whether the base branch changed what this pull request changes; each head is rebuilt once. */
function needsRebuild({ inbox }: Passing, { head }: PullRequestOpened): boolean {
  const { pullRequest } = inbox;
  return head !== undefined && pullRequest?.conflicts === true && pullRequest.head === head;
}

/**
 * Makes the promotion's commit again, on the base branch's new head. What was approved counts for it: Windlass writes the
 * same version.
 * @returns undefined where that failed, or did not change anything
 */
async function rebuild(
  passing: Passing,
  before: PullRequestOpened,
  policies: Policies,
): Promise<PullRequestOpened | undefined> {
  const { task, inbox } = passing;
  inbox.forgetConflicts();
  const { capability } = before;
  const result = await attempt(
    { ...withDecisions(task, inbox), ...(capability === undefined ? {} : { proposed: capability }) },
    { strategy: 'pull-request' },
    gatesToShow(passing, policies),
  );
  if (result.state !== 'pull-request') {
    log.warn('the pull request with conflicts could not be rebuilt', { state: result.state });
    return undefined;
  }
  if (result.head === undefined || result.head === before.head) return undefined;
  inbox.propose(result.head);
  return result;
}

async function partFrom(
  { task, inbox }: Passing,
  { repository, number, base }: PullRequestOpened,
  end: EndFacts,
  close: boolean,
): Promise<void> {
  if (repository === undefined) return;
  try {
    const { rejectedBy } = inbox;
    const parting = { close, comment: partingComment(task, end) };
    await partFromPullRequest(repository, number, parting, {
      task,
      ...(base === undefined ? {} : { base }),
      ...(rejectedBy === undefined ? {} : { rejection: rejectedBy }),
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the pull request does not say how its promotion ended', { error: String(error) });
  }
}
