import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs, type BackOff } from '../domain/back-off';

/**
 * Tries again and again, with growing pauses, until it succeeds.
 * @param onFailure told of each try that failed
 * @throws the signal's reason once it is aborted, and nothing else
 */
export async function retryUntilDone<T>(
  attempt: () => Promise<T>,
  backOff: BackOff,
  onFailure: (error: unknown) => void,
  signal?: AbortSignal,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      onFailure(error);
    }
    await delay(backOffMs(backOff, n), undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
