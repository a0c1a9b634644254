import { type Logger } from 'pino';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type FollowerHints } from '../../temporal/follower-hints';

/** A follower needs only to know that there is something new, and looks soon enough. */
const intervalMs = 5_000;
/** For a hint that no request waits for. */
const deadlineMs = 6_000;

/**
 * Sends at most one hint for a repository in an interval: the first at once, and the last of the others at its end, so
 * that the follower looks after every change.
 */
export function pacedHints(hints: FollowerHints, log: Logger): FollowerHints {
  const recent = new Map<string, { again: boolean }>();
  const look = async (repository: FollowedRepository, deadline: number): Promise<void> => {
    const key = JSON.stringify(repository);
    const before = recent.get(key);
    if (before !== undefined) {
      before.again = true;
      return;
    }
    const entry = { again: false };
    recent.set(key, entry);
    const forget = (): void => {
      if (recent.get(key) === entry) recent.delete(key);
    };
    setTimeout(() => {
      forget();
      if (!entry.again) return;
      look(repository, deadlineMs).catch((error: unknown) => {
        log.warn({ err: error }, 'a hint about a repository is lost: its next poll covers it');
      });
    }, intervalMs).unref();
    try {
      await hints.look(repository, deadline);
    } catch (error) {
      forget();
      throw error;
    }
  };
  return { look };
}
