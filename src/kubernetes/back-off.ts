import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../domain/back-off';

/** The longest is below the 15 s that a sender of events keeps trying for. */
const reconnect = { firstMs: 250, longestMs: 10_000 };
/** The longest that an API server may send us away for. */
const longestAskedMs = 60_000;

/** Waits that double up to a limit, each with jitter, so that replicas don't come back all at once. */
export class JitteredBackOff {
  #failures = 0;

  /** Half of the delay is fixed, the other half random. */
  next(): number {
    this.#failures += 1;
    const wait = backOffMs(reconnect, this.#failures);
    return (wait * (1 + Math.random())) / 2;
  }

  reset(): void {
    this.#failures = 0;
  }

  /** @param askedMs the minimum delay that the server asked for */
  async wait(signal: AbortSignal, askedMs = 0): Promise<void> {
    const ms = Math.max(this.next(), Math.min(askedMs, longestAskedMs));
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
