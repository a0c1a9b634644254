import { isCancellation, type LocalActivityOptions, patched } from '@temporalio/workflow';

/** Well below the 10 s of a workflow task. What takes longer is left to an activity, which the server repeats. */
export const withinTask: LocalActivityOptions = {
  startToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
};

/**
 * Calls an activity within the workflow task, and only if that fails, as a task of its own. In a storm this spares a promotion
 * a third of its tasks and their wait in the queue.
 * @param local with the options `withinTask`
 * @param remote the same activity as a task of its own
 */
export function localFirst<Args extends unknown[], Answer>(
  local: (...args: Args) => Promise<Answer>,
  remote: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  return async (...args) => {
    if (!patched('local-first')) return remote(...args);
    try {
      return await local(...args);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return remote(...args);
    }
  };
}
