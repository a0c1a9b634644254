import { setTimeout as delay } from 'node:timers/promises';

export interface Repeating {
  /** Waits for the call in progress. */
  stop(): Promise<void>;
}

/** Calls `work` now, and again so many milliseconds after each end. @param work never rejects */
export function repeat(intervalMs: number, work: (stopping: AbortSignal) => Promise<void>): Repeating {
  const stop = new AbortController();
  const { signal } = stop;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await work(signal);
      await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stop.abort();
      await running;
    },
  };
}
