/** `gates.autoMerge`: Windlass merges what it proposed, when all gates are open and all checks have passed. */
import { isCancellation, log, proxyActivities } from '@temporalio/workflow';
import { type MergeResult, type PromotionActivities } from '../activities/promotion-activities';
import { backOffMs } from '../domain/back-off';
import { type PullRequestOpened } from '../domain/promotion/promotion';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { type Passing, withDecisions } from './gates';

const { mergePullRequest } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
});

/** Checks do not report to Windlass: they are asked for after half a minute, and less and less often. */
const waits = { firstMs: 30_000, longestMs: 600_000 };

export interface AutoMerge {
  /**
   * @param before when the gates may close, milliseconds since the epoch
   * @returns how it ended; or when to try again, and whether its commit has to be made again first
   */
  tryToMerge(
    opened: PullRequestOpened,
    before: number | undefined,
  ): Promise<{ readonly ended?: PullRequestState; readonly rebuild: boolean; readonly lookMs: number | undefined }>;
  /** Windlass has merged it itself. */
  hasMerged(): boolean;
}

export function autoMerger({ task, inbox }: Passing): AutoMerge {
  let merged = false;
  let tries = 0;
  let triedHead: string | undefined;
  let nextAt = 0;

  return {
    hasMerged: () => merged,
    async tryToMerge(opened, before) {
      const { head } = inbox;
      const { number, repository } = opened;
      if (head === undefined || repository === undefined) return { rebuild: false, lookMs: undefined };
      if (head !== triedHead) tries = 0;
      else if (Date.now() < nextAt) return { rebuild: false, lookMs: nextAt - Date.now() };
      triedHead = head;
      tries += 1;
      const result = await attempt(() =>
        mergePullRequest(withDecisions(task, inbox), { number, head, repository }, before),
      );
      if (result !== undefined && result.state !== 'not-merged') {
        merged = result.state === 'merged';
        const { by, at } = result;
        const end = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
        return { ended: { number, state: result.state, head, ...end }, rebuild: false, lookMs: undefined };
      }
      const lookMs = backOffMs(waits, tries);
      nextAt = Date.now() + lookMs;
      if (result !== undefined) log.info('not merged yet', { because: result.because, words: result.words });
      return { rebuild: result?.because === 'conflict' || result?.because === 'behind', lookMs };
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
