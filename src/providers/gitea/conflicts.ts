import { setTimeout as delay } from 'node:timers/promises';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { pullRequestSchema } from './schema';

/** Gitea looks for conflicts after every push to one of the branches, and when an old pull request is read. */
const waitsMs = [0, 500, 1_500, 3_000];

/**
 * Which of these open pull requests have conflicts, as far as Gitea says: one that cannot be merged and one that it is still
 * looking at have the same answer. One that it still cannot merge after some seconds counts as the former. A draft always
 * has that answer, so nothing is known of it.
 */
export async function conflictsAmong(
  { client, at }: RepositoryApi,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  let unclear = numbers;
  for (const waitMs of waitsMs) {
    if (unclear.length === 0) break;
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const still: number[] = [];
    for (const number of unclear) {
      const get = client.request(pullRequestSchema, at('GET', `pulls/${number}`), signal);
      const found = await unlessRefused(['repository-not-found'], get);
      if (found?.state === 'open' && !found.mergeable && !found.draft) still.push(number);
    }
    unclear = still;
  }
  return unclear;
}
