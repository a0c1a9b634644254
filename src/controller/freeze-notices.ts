import { type Logger } from 'pino';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { freezeFact, type FreezeFact } from '../domain/notices/freeze-notice';
import { type Notice } from '../domain/notices/notice';
import { type FreezeSource } from '../store/pipeline-store';
import { WorkQueue } from './reconciler/work-queue';

export interface FreezeNoticesOptions {
  readonly store: FreezeSource;
  /** Sends a fact about a subject, once, whichever process asks for it. */
  readonly start: (subject: string, fact: string, notice: Notice) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds until a notice that could not be started is tried again. */
  readonly retryMs?: number;
}

const defaultRetryMs = 10_000;

/**
 * Notifies people of freezes that are made or ended while this process watches, by the API, kubectl or Git. Every worker
 * sees them, and the first one starts the notice.
 */
export function startFreezeNotices(options: FreezeNoticesOptions): { close(): Promise<void> } {
  const { store, start, log, retryMs = defaultRetryMs } = options;
  const waiting = new Map<string, FreezeFact>();
  const queue = new WorkQueue(async (key) => {
    const fact = waiting.get(key);
    if (fact === undefined) return undefined;
    try {
      await start(`freeze/${formatPipelineRef(fact.notice)}`, fact.key, fact.notice);
      waiting.delete(key);
      return undefined;
    } catch (error) {
      log.info(
        { err: error, freeze: formatPipelineRef(fact.notice) },
        'a notice of a freeze waits for Temporal',
      );
      return retryMs;
    }
  });
  store.subscribeFreezes((change) => {
    const fact = freezeFact(change, Date.now());
    if (fact === undefined) return;
    const key = `${formatPipelineRef(fact.notice)} ${fact.key}`;
    waiting.set(key, fact);
    queue.enqueue(key);
  });
  return queue;
}
