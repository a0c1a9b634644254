import { setTimeout as delay } from 'node:timers/promises';
import { type Client } from '@temporalio/client';
import { countUnfollowed, wakeUnfollowedLanes } from '../temporal/unfollowed-workflows';

/** An older api that still runs may start lanes on the old task queue. */
const defaultIntervalMs = 60_000;

/** What a worker of the old task queue must be able to do. */
export interface StoppableWorker {
  /** Settles when it has stopped. */
  run(): Promise<void>;
  shutdown(): void;
}

export interface UnfollowedWorkerOptions {
  readonly client: Client;
  /** Makes a worker of the old task queue, which costs memory: only while it has workflows. */
  readonly createWorker: () => Promise<StoppableWorker>;
  readonly onFailure: (error: unknown) => void;
  readonly intervalMs?: number;
}

/**
 * Serves what an older version began, and wakes its lanes, until nothing of it is left; looks again every minute.
 * @returns `stopped` rejects if such a worker stopped because of an error
 */
export function serveUnfollowed({
  client,
  createWorker,
  onFailure,
  intervalMs = defaultIntervalMs,
}: UnfollowedWorkerOptions): { readonly stopped: Promise<void>; close(): void } {
  const closing = new AbortController();
  const { signal } = closing;
  const stopped = serve();
  // The caller of `stopped` gets the error, but may not be waiting yet.
  stopped.catch(() => undefined);
  return { stopped, close: () => closing.abort() };

  async function serve(): Promise<void> {
    while (!signal.aborted) {
      if (await isNeeded()) await serveUntilUnneeded();
      else await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async function serveUntilUnneeded(): Promise<void> {
    const worker = await createWorker();
    const run = worker.run();
    const ended = new AbortController();
    const whenEnded = run.catch(() => undefined).then(() => ended.abort());
    do {
      await wakeUnfollowedLanes(client, signal).catch(report);
      await Promise.race([whenEnded, delay(intervalMs, undefined, { signal }).catch(() => undefined)]);
    } while (!ended.signal.aborted && !signal.aborted && (await isNeeded(true)));
    if (!ended.signal.aborted) worker.shutdown();
    await run;
  }

  async function isNeeded(unknown = false): Promise<boolean> {
    try {
      return (await countUnfollowed(client, signal)) > 0;
    } catch (error) {
      report(error);
      return unknown;
    }
  }

  function report(error: unknown): void {
    if (!signal.aborted) onFailure(error);
  }
}
