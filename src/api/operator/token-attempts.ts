/** How often tokens that are not known may be shown: guesses are few, and a lost login harms no one else. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Attempt, failureLimit } from '../webhook/failure-limit';
import { type RateLimit } from '../webhook/fixed-window';

export interface TokenAttempts {
  /** @returns undefined: the token, or the address, has failed too often */
  attempt(client: string, token: string): Promise<TokenAttempt | undefined>;
}

export interface TokenAttempt {
  known(): void;
  /** Whether it is known could not be found out: it counts for nothing. */
  unanswered(): void;
  /** @returns false: beyond the limit, so that the client must not learn why it failed */
  unknown(): boolean;
}

/**
 * A script whose token has expired uses up its own failures, not those of the other clients of the address: behind a proxy or
 * a port-forward, that is everyone.
 */
const tokensOfAddress = 10;
/** Tokens that were known lately: with them, a flood of others does not lock anyone out. */
const mostKnown = 5_000;
const knownForMs = 60 * 60_000;

/**
 * @param limit of one token from one address; an address has ten times as many
 * @param now a clock in milliseconds that never goes back
 */
export function tokenAttempts(limit: RateLimit, now: () => number): TokenAttempts {
  const byToken = failureLimit(limit, now);
  const byAddress = failureLimit({ ...limit, value: limit.value * tokensOfAddress }, now);
  const lately = new LRUCache<string, true>({ max: mostKnown, ttl: knownForMs, perf: { now } });

  return {
    async attempt(client, token) {
      const hash = createHash('sha256').update(token).digest('base64');
      const reserved: Attempt[] = [];
      const giveBack = (): void => {
        for (const each of reserved) each.succeeded();
      };
      const attempts = [byToken.attempt(`${client} ${hash}`), byAddress.attempt(client)];
      if (!lately.has(hash)) {
        for (const each of attempts) {
          if (!(await each.reserve())) {
            giveBack();
            return undefined;
          }
          reserved.push(each);
        }
      }
      return {
        known() {
          lately.set(hash, true);
          giveBack();
        },
        unanswered: giveBack,
        unknown() {
          lately.delete(hash);
          return attempts.map((each) => each.failed()).every(Boolean);
        },
      };
    },
  };
}
