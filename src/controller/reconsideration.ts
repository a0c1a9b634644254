import { type Logger } from 'pino';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type IndexedPipelineStore } from '../store/pipeline-store';
import { type PromotionCommands } from '../temporal/promotion-commands';
import { WorkQueue } from './reconciler/work-queue';

export interface ReconsiderationOptions {
  readonly store: Pick<IndexedPipelineStore, 'subscribe'>;
  readonly commands: Pick<PromotionCommands, 'reconsider'>;
  readonly log: Logger;
  /** Milliseconds until a command that could not be sent is sent again. */
  readonly retryMs?: number;
}

const defaultRetryMs = 10_000;

/** Makes the running promotions of a Pipeline look again when the store reports a change. */
export function startReconsideration(options: ReconsiderationOptions): { close(): Promise<void> } {
  const { store, commands, log, retryMs = defaultRetryMs } = options;
  const queue = new WorkQueue(async (key) => {
    const [namespace = '', name = ''] = key.split('/');
    try {
      await commands.reconsider({ namespace, name });
      return undefined;
    } catch (error) {
      log.info(
        { err: error, pipeline: key },
        'the running promotions could not be notified of the change; they will be when Temporal is available',
      );
      return retryMs;
    }
  });
  store.subscribe((pipelines) => {
    for (const pipeline of pipelines) queue.enqueue(formatPipelineRef(pipeline));
  });
  return queue;
}
