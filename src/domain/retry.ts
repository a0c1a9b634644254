import { backOffMs } from './back-off';

/** `delay`, `maxDelay`, `threshold`, as the original's Helm values name them. */
export interface RetrySettings {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Attempts in all that may fail for a classified reason. */
  readonly threshold: number;
}

/**
 * The wait after the n-th failed attempt (n from 1), doubling: 2, 4, 8, 15, 15, 15 seconds for delay 2 and maxDelay 15.
 * @returns milliseconds; undefined once the threshold is reached
 */
export function delayAfterFailure(retry: RetrySettings, failures: number): number | undefined {
  if (failures >= retry.threshold) return undefined;
  return backOffMs({ firstMs: retry.delayMs, longestMs: retry.maxDelayMs }, failures);
}

/** Where a rate limit does not say how long: GitHub asks for at least a minute then. */
const unsaidRateLimitMs = 60_000;
const rateLimitBackOff = { firstMs: 1_000, longestMs: 5 * 60_000 };

/**
 * The wait after a promotion's n-th rate limit (n from 1): what it asks for, but longer each time where that is next to
 * nothing. Each attempt leaves a dozen events in a history, and a history takes 51,200.
 * @param askedMs what the other side asked for
 * @returns milliseconds
 */
export function delayAfterRateLimit(askedMs: number | undefined, rateLimits: number): number {
  return Math.max(askedMs ?? unsaidRateLimitMs, backOffMs(rateLimitBackOff, rateLimits));
}
