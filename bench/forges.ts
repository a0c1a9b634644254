import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ForgesInput } from './forge-thread';

/** Forges in a thread of their own: their work is a server's, and must not wait for the one that is measured. */
export interface Forges {
  readonly urls: readonly string[];
  /** Requests so far, forge by forge. */
  countRequests(): Promise<readonly number[]>;
  close(): Promise<void>;
}

export async function startForges(input: ForgesInput): Promise<Forges> {
  const thread = new Worker(path.join(__dirname, 'run.mjs'), {
    argv: [path.join(__dirname, 'forge-thread.ts')],
    workerData: input,
  });
  const [urls] = (await once(thread, 'message')) as [readonly string[]];
  return {
    urls,
    async countRequests() {
      thread.postMessage('count');
      const [counts] = (await once(thread, 'message')) as [readonly number[]];
      return counts;
    },
    async close() {
      await thread.terminate();
    },
  };
}
