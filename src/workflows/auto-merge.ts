/** `gates.autoMerge`: Windlass merges what it proposed, when all gates are open and all checks have passed. */
import { isCancellation, log, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { type MergeResult, type PromotionActivities } from '../activities/promotion-activities';
import { backOffMs } from '../domain/back-off';
import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { type PullRequestOpened } from '../domain/promotion/promotion';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { joinMergesSignal, leaveMergesSignal } from './contract/messages';
import { tellFollower } from './follower-link';
import { type Passing, withDecisions } from './gates';

const { mergePullRequest } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
});

const { leaveMergeQueue } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '2 seconds', maximumInterval: '30 seconds' },
});

/** Of five minutes each at most. */
const mostAttemptsToLeave = 12;

/** Checks do not report to Windlass: they are asked for after half a minute, and less and less often. */
const waits = { firstMs: 30_000, longestMs: 600_000 };

interface MergeLook {
  /** How it ended. */
  readonly ended?: PullRequestState;
  /** Its commit has to be made again first. */
  readonly rebuild: boolean;
  /** When to try again, in milliseconds; undefined: when something happens. */
  readonly lookMs: number | undefined;
}

const nothing: MergeLook = { rebuild: false, lookMs: undefined };

export interface AutoMerge {
  /** @param before when the gates may close, milliseconds since the epoch */
  tryToMerge(opened: PullRequestOpened, before: number | undefined): Promise<MergeLook>;
  /** It is not to be merged at the moment. */
  rest(): Promise<MergeLook>;
  /** Windlass has merged it at this head itself, or the queue that it was added to with this head. */
  hasMerged(head: string | undefined): boolean;
  /** Takes it out of the merge queue, where it may be in one. */
  readonly leaveQueue: () => Promise<void>;
  /** The same, before the promotion ends: again and again, for the queue would merge it afterwards. */
  leaveQueueForGood(): Promise<void>;
  mayBeInQueue(): boolean;
}

/** @param follow starts the follower of the repository, which says whose turn it is, if it does not run */
export function autoMerger(
  { task, inbox }: Passing,
  opened: PullRequestOpened,
  follow: () => Promise<void>,
): AutoMerge {
  const { number, repository, base = '' } = opened;
  /** In the merge queue of the base branch, as of the last answer; also where an attempt had no answer. */
  let mayBeInQueue = opened.queued === true;
  /** What was added to the queue. */
  let queuedHead = opened.queued === true ? opened.head : undefined;
  let merged = false;
  let isQueued = false;
  let isRebuilt = false;
  let tries = 0;
  let triedHead: string | undefined;
  /** Milliseconds since the epoch: of the next attempt, and of asking for a turn once more, if none comes. */
  let retryAt = 0;
  let queueAgainAt = 0;

  const queue = async (to: FollowedRepository): Promise<MergeLook> => {
    if (isQueued) await follow();
    isQueued = true;
    queueAgainAt = Date.now() + waits.longestMs;
    await tellFollower(to, joinMergesSignal, { number, workflowId: workflowInfo().workflowId, base });
    return { rebuild: false, lookMs: waits.longestMs };
  };
  const giveUpTurn = async (to: FollowedRepository): Promise<void> => {
    isQueued = false;
    isRebuilt = false;
    inbox.endTurn();
    await tellFollower(to, leaveMergesSignal, number);
  };

  const leaveQueue = async (): Promise<void> => {
    if (!mayBeInQueue || repository === undefined) return;
    const { pipeline, from, to } = task;
    const queued = { number, hop: { pipeline, from, to }, ...(base === '' ? {} : { base }) };
    try {
      await leaveMergeQueue(repository, queued);
      mayBeInQueue = false;
      queuedHead = undefined;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the pull request may still be in the merge queue', { error: String(error) });
    }
  };

  return {
    hasMerged: (head) => merged || (head !== undefined && head === queuedHead),
    leaveQueue,
    async leaveQueueForGood() {
      for (let attempts = 0; mayBeInQueue && attempts < mostAttemptsToLeave; attempts++) await leaveQueue();
    },
    mayBeInQueue: () => mayBeInQueue,
    async rest() {
      await leaveQueue();
      if (isQueued && repository !== undefined) await giveUpTurn(repository);
      return mayBeInQueue ? { rebuild: false, lookMs: waits.firstMs } : nothing;
    },
    async tryToMerge(current, before) {
      const { head } = inbox;
      // A commit of others: people merge it.
      if (head === undefined || head !== current.head || repository === undefined) return this.rest();
      if (head !== triedHead) {
        tries = 0;
        retryAt = 0;
      }
      triedHead = head;
      const nextAt = inbox.hasTurn || !isQueued ? retryAt : queueAgainAt;
      if (Date.now() < nextAt) return { rebuild: false, lookMs: nextAt - Date.now() };
      if (!inbox.hasTurn) return queue(repository);
      tries += 1;
      const result = await attempt(() =>
        mergePullRequest(withDecisions(task, inbox), { ...current, head }, before),
      );
      if (result !== undefined && result.state !== 'not-merged') {
        merged = result.state === 'merged';
        await giveUpTurn(repository);
        const { by, at } = result;
        const end = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
        return { ended: { number, state: result.state, head, ...end }, rebuild: false, lookMs: undefined };
      }
      const lookMs = backOffMs(waits, tries);
      retryAt = Date.now() + lookMs;
      const because = result?.because;
      // An answer that was lost may have been that it is in the queue.
      if (because === 'queued') queuedHead = head;
      if (because === 'queued' || (result === undefined && patched('leave-merge-queues')))
        mayBeInQueue = true;
      if (result !== undefined) log.info('not merged yet', { because, words: result.words });
      const rebuild = because === 'conflict' || because === 'behind';
      // While the checks of what was brought up to date run, no other merge may make it out of date again.
      if (rebuild) isRebuilt = true;
      else if (!(isRebuilt && because === 'checks-pending')) await giveUpTurn(repository);
      return { rebuild, lookMs };
    },
  };
}

async function attempt(merge: () => Promise<MergeResult>): Promise<MergeResult | undefined> {
  try {
    return await merge();
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the pull request could not be merged', { error: String(error) });
    return undefined;
  }
}
