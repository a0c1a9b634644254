/**
 * The retry loop of a promotion's activities.
 *
 * The workflow owns the loop, so that only failures with a reason count: an attempt lost with its worker is run again by
 * the server and uses none up, nor does a wait that a rate limit asked for. See docs/decisions/retry.md.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  type ActivityOptions,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import { failureCodes, type FailureCode } from '../domain/errors';
import { delayAfterFailure, delayAfterRateLimit, type RetrySettings } from '../domain/retry';

/** What an activity's ApplicationFailure says, as `src/activities/classify-failures.ts` makes it. */
interface ClassifiedFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** After this long, a promotion that is still only waiting for others has failed. */
const overallLimitMs = 24 * 60 * 60 * 1000;

const codes = Object.keys(failureCodes) as FailureCode[];

/**
 * Options of an activity whose classified failures come back to the workflow at once, while an attempt that was lost
 * with its worker is repeated by the server, however often.
 */
export const attemptOptions: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: overallLimitMs,
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', nonRetryableErrorTypes: codes },
};

export interface RetryWatch {
  /** The promotion should stop as soon as no attempt is under way. */
  shouldStop(): boolean;
  /** An attempt failed for a reason. */
  onFailure(failure: ClassifiedFailure): void;
  /** The next attempt comes after `waitMs`. */
  onWait(failure: ClassifiedFailure, failedAttempts: number, waitMs: number): void;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the watch says stop.
 * @returns undefined when stopped between attempts
 * @throws ApplicationFailure whose type is the failure's code
 */
export async function withRetry<T>(
  retry: RetrySettings,
  watch: RetryWatch,
  attempt: () => Promise<T>,
): Promise<T | undefined> {
  const startedAt = Date.now();
  let failedAttempts = 0;
  let rateLimits = 0;
  while (!watch.shouldStop()) {
    try {
      return await attempt();
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = classifiedFailure(error);
      watch.onFailure(failure);
      if (failure.code === 'rate-limited') rateLimits += 1;
      else failedAttempts += 1;
      const waitMs = waitAfter(failure, { failedAttempts, rateLimits }, retry);
      if (waitMs === undefined || Date.now() + waitMs - startedAt > overallLimitMs) {
        throw finalFailure(failure, failedAttempts, error);
      }
      watch.onWait(failure, failedAttempts, waitMs);
      await condition(() => watch.shouldStop(), waitMs);
    }
  }
  return undefined;
}

/** @returns milliseconds; undefined where there is no next attempt */
function waitAfter(
  failure: ClassifiedFailure,
  { failedAttempts, rateLimits }: { readonly failedAttempts: number; readonly rateLimits: number },
  retry: RetrySettings,
): number | undefined {
  if (failure.code === 'rate-limited') return delayAfterRateLimit(failure.retryAfterMs, rateLimits);
  return failureCodes[failure.code].retryable ? delayAfterFailure(retry, failedAttempts) : undefined;
}

function classifiedFailure(error: unknown): ClassifiedFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const code = codes.find((known) => known === cause.type) ?? 'internal';
    const details = cause.details?.[0] as { readonly retryAfterMs?: number } | undefined;
    return {
      code,
      message: cause.message,
      ...(details?.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
    };
  }
  return { code: 'timed-out', message: cause instanceof Error ? cause.message : String(cause) };
}

/** The failure code of what `withRetry` throws. */
export function codeOf(error: unknown): FailureCode | 'unknown' {
  const type = error instanceof ApplicationFailure ? error.type : undefined;
  return codes.find((known) => known === type) ?? 'unknown';
}

function finalFailure(
  failure: ClassifiedFailure,
  failedAttempts: number,
  cause: unknown,
): ApplicationFailure {
  const prefix = failedAttempts > 1 ? `Gave up after ${failedAttempts} failed attempts. ` : '';
  return ApplicationFailure.create({
    type: failure.code,
    message: prefix + failure.message,
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });
}
