/** One attempt to do what a promotion is asked, and why it failed. */
import {
  ActivityFailure,
  ApplicationFailure,
  type ActivityOptions,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import { type PromotionActivities, type ProposalGates } from '../activities/promotion-activities';
import { failureCodes, type FailureCode } from '../domain/errors';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { gatesClosed } from './contract/messages';
import { type OpenGates } from './open-gates';

/** After this long, a promotion that is still only waiting for others has failed. */
export const overallLimitMs = 24 * 60 * 60 * 1000;

/** What an activity's ApplicationFailure says, as `src/activities/classify-failures.ts` makes it. */
export interface FailedAttempt {
  readonly state: 'attempt-failed';
  readonly code: FailureCode;
  readonly message: string;
  /** What a rate limit asked for. */
  readonly retryAfterMs?: number;
  readonly cause: unknown;
}

/** The gates closed before a worker began the attempt; it did nothing. */
interface GatesClosed {
  readonly state: 'gates-closed';
}

const codes = Object.keys(failureCodes) as FailureCode[];

/**
 * Classified failures come back to the workflow at once, while an attempt that was lost with its worker is repeated by the
 * server, however often.
 */
const attemptOptions: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: overallLimitMs,
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', nonRetryableErrorTypes: codes },
};

const { openPullRequest, withdrawPullRequest, notify } = proxyActivities<PromotionActivities>(attemptOptions);

/**
 * @param gates what stands before the merge, to be shown on the pull request
 * @throws only when the promotion is cancelled
 */
export async function attempt(
  task: PromotionTask,
  resolution: Pick<OpenGates, 'strategy' | 'openUntil'>,
  gates?: ProposalGates,
): Promise<PromotionOutcome | FailedAttempt | GatesClosed> {
  try {
    return await act(task, resolution, gates);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return classified(error);
  }
}

async function act(
  task: PromotionTask,
  { strategy, openUntil: before }: Pick<OpenGates, 'strategy' | 'openUntil'>,
  gates?: ProposalGates,
): Promise<PromotionOutcome> {
  if (strategy === 'notification') {
    // A notification cannot be taken back: the CI system has it.
    if (task.action === 'withdraw') return { state: 'withdrawn' };
    await notify(task, before);
    return { state: 'notified' };
  }
  if (task.action === 'withdraw') return { state: 'withdrawn', ...(await withdrawPullRequest(task)) };
  return openPullRequest(task, before, gates);
}

function classified(error: unknown): FailedAttempt | GatesClosed {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const failed = { state: 'attempt-failed', message, cause: error } as const;
  if (!(cause instanceof ApplicationFailure)) return { ...failed, code: 'timed-out' };
  if (cause.type === gatesClosed) return { state: 'gates-closed' };
  const details = cause.details?.[0] as { readonly retryAfterMs?: number } | undefined;
  return {
    ...failed,
    code: codes.find((known) => known === cause.type) ?? 'internal',
    ...(details?.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
  };
}
