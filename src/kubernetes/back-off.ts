import { setTimeout as sleep } from 'node:timers/promises';

const shortestMs = 250;
/** Below the 15 s that a sender of events keeps trying for. */
const longestMs = 10_000;
/** The longest that an API server may send us away for. */
const longestAskedMs = 60_000;

/** Waits that double up to a limit, each with jitter, so that replicas don't come back all at once. */
export class BackOff {
  #failures = 0;

  /** Half of the wait is certain, the other half random. */
  next(): number {
    const wait = Math.min(longestMs, shortestMs * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return (wait * (1 + Math.random())) / 2;
  }

  reset(): void {
    this.#failures = 0;
  }

  /** @param askedMs how long the other side asked us to wait, at least */
  async wait(signal: AbortSignal, askedMs = 0): Promise<void> {
    const ms = Math.max(this.next(), Math.min(askedMs, longestAskedMs));
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
