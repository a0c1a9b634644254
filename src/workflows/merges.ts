/** The follower's side of merging: it says whose turn it is. The rules are in src/domain/promotion/merge-queue.ts. */
import { getExternalWorkflowHandle, log, setHandler } from '@temporalio/workflow';
import { giveTurns, join, leave, type MergeQueue } from '../domain/promotion/merge-queue';
import { joinMergesSignal, leaveMergesSignal, mergeTurnSignal } from './contract/messages';

export interface Merges {
  queue(): MergeQueue;
  /** Whether someone has a turn from now on who has not been told. */
  haveNext(): boolean;
  giveTurns(): Promise<void>;
  /** The others are merged or closed. */
  keepOnly(numbers: readonly number[]): void;
}

/** Takes the signals of promotions that want to merge from now on. */
export function openMerges(before: MergeQueue = []): Merges {
  let queue = before;
  setHandler(joinMergesSignal, (merger) => {
    queue = join(queue, merger);
  });
  setHandler(leaveMergesSignal, (number) => {
    queue = leave(queue, number);
  });
  return {
    queue: () => queue,
    haveNext: () => giveTurns(queue, Date.now()).given.length > 0,
    async giveTurns() {
      const step = giveTurns(queue, Date.now());
      queue = step.queue;
      for (const { workflowId, number } of step.given) {
        try {
          await getExternalWorkflowHandle(workflowId).signal(mergeTurnSignal);
        } catch (error) {
          log.debug('the promotion has ended already', { workflowId, error: String(error) });
          queue = leave(queue, number);
        }
      }
    },
    keepOnly(numbers) {
      queue = queue.filter(({ number }) => numbers.includes(number));
    },
  };
}
