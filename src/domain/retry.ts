/** `delay`, `maxDelay`, `threshold`, as the original's Helm values name them. */
export interface RetrySettings {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Attempts in all that may fail for a classified reason. */
  readonly threshold: number;
}

/** 2 to this power times any delay is beyond every maximum, and still a finite number. */
const largestExponent = 50;

/**
 * The wait after the n-th failed attempt (n from 1), doubling: 2, 4, 8, 15, 15, 15 seconds for delay 2 and maxDelay 15.
 * @returns milliseconds; undefined once the threshold is reached
 */
export function delayAfterFailure(retry: RetrySettings, failures: number): number | undefined {
  if (failures >= retry.threshold) return undefined;
  return Math.min(retry.delayMs * 2 ** Math.min(failures - 1, largestExponent), retry.maxDelayMs);
}
