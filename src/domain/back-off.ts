/** Waits that double from the first one up to the longest, in milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** 2 to this power times any wait is beyond every longest one, and still a finite number. */
const largestExponent = 50;

/**
 * The n-th wait (n from 1). Pure and without jitter: workflows compute it again in every replay.
 * @returns milliseconds
 */
export function backOffMs({ firstMs, longestMs }: BackOff, n: number): number {
  return Math.min(firstMs * 2 ** Math.min(n - 1, largestExponent), longestMs);
}
