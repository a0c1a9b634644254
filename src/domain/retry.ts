import { backOffMs } from './back-off';

/** `delay`, `maxDelay`, `threshold`, with the names of pipeline-controller's Helm values. */
export interface RetrySettings {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** The number of attempts that can fail for a classified reason, including the first. */
  readonly threshold: number;
}

/**
 * The delay after the n-th failed attempt (n from 1), doubling: 2, 4, 8, 15, 15, 15 seconds for delay 2 and maxDelay
 * 15.
 * @returns milliseconds; undefined once the threshold is reached
 */
export function delayAfterFailure(retry: RetrySettings, failures: number): number | undefined {
  if (failures >= retry.threshold) return undefined;
  return backOffMs({ firstMs: retry.delayMs, longestMs: retry.maxDelayMs }, failures);
}

/** If a rate limit has no delay: GitHub asks for at least a minute then. */
const unsaidRateLimitMs = 60_000;
const rateLimitBackOff = { firstMs: 1_000, longestMs: 5 * 60_000 };
/** A turn that the budget of requests gave is only kept for a while, so it is taken when it comes: so often at most. */
const turnsTaken = 50;

/**
 * The delay after a promotion's n-th rate limit (n from 1): the requested delay, but longer each time if that is very
 * short, or if there were many. Each attempt adds a dozen events to a history, and a history can have 51,200.
 * @param askedMs the delay that the server asked for
 * @returns milliseconds
 */
export function delayAfterRateLimit(askedMs: number | undefined, rateLimits: number): number {
  const asked = askedMs ?? unsaidRateLimitMs;
  const n = asked < rateLimitBackOff.firstMs ? rateLimits : Math.max(1, rateLimits - turnsTaken);
  return Math.max(asked, backOffMs(rateLimitBackOff, n));
}
