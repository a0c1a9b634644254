/**
 * When a promotion tries again, and when it gives up.
 *
 * The workflow owns the loop, so that only failures with a reason count: an attempt lost with its worker is run again by
 * the server and doesn't count, nor does a wait that a rate limit asked for. See docs/decisions/retry.md.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import { failureCodes } from '../domain/errors';
import { delayAfterFailure, delayAfterRateLimit, type RetrySettings } from '../domain/retry';
import { type FailedAttempt, overallLimitMs } from './attempt';

/** The failed attempts of one promotion. */
export interface FailureCount {
  /** Those that count towards the threshold. */
  readonly failedAttempts: number;
  readonly threshold: number;
  /**
   * Counts one more failure.
   * @returns milliseconds until the next attempt
   * @throws ApplicationFailure, its type the failure's code, where there is no next attempt
   */
  waitAfter(failure: FailedAttempt): number;
  /** Leaves out milliseconds in which the promotion was held: they count towards no limit. */
  leaveOut(ms: number): void;
}

export function countFailures(retry: RetrySettings): FailureCount {
  let startedAt = Date.now();
  let failedAttempts = 0;
  let rateLimits = 0;
  return {
    threshold: retry.threshold,
    get failedAttempts() {
      return failedAttempts;
    },
    waitAfter(failure) {
      const limited = failure.code === 'rate-limited';
      if (limited) rateLimits += 1;
      else failedAttempts += 1;
      const waitMs = limited
        ? delayAfterRateLimit(failure.retryAfterMs, rateLimits)
        : failureCodes[failure.code].retryable && delayAfterFailure(retry, failedAttempts);
      if (typeof waitMs !== 'number' || Date.now() + waitMs - startedAt > overallLimitMs) {
        throw finalFailure(failure, failedAttempts);
      }
      return waitMs;
    },
    leaveOut(ms) {
      startedAt += ms;
    },
  };
}

function finalFailure({ code, message, cause }: FailedAttempt, failedAttempts: number): ApplicationFailure {
  const prefix = failedAttempts > 1 ? `Gave up after ${failedAttempts} failed attempts. ` : '';
  return ApplicationFailure.create({
    type: code,
    message: prefix + message,
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });
}
