/** Links that log a browser in with a token that a program of the same person has. */
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { createSealer } from './sealed-text';

export interface OneTimeLinks {
  /** @param token known here @param lifetimeMs at most a day @returns the path and query of the link @throws LinkTooLong */
  make(token: string, lifetimeMs: number): string;
  /** @returns the token; undefined: the code was used, has expired, or is not one */
  take(code: string): string | undefined;
}

/** A token that no address has room for. */
export class LinkTooLong extends Error {
  override readonly name = 'LinkTooLong';
}

/** What proxies and terminals let pass. */
const longestCode = 4_000;
const mostSpent = 10_000;
const longestLifetimeMs = 24 * 60 * 60_000;

const contentSchema = z.object({ token: z.string(), made: z.number(), until: z.number() });

/**
 * The link holds its token itself, sealed, so that any replica can make it and any other take it. A replica takes a link once,
 * and none that was made before it started: it cannot know whether that was used.
 * @param now milliseconds since the epoch
 */
export function oneTimeLinks(keys: () => readonly Uint8Array[], now: () => number): OneTimeLinks {
  const sealer = createSealer(keys, 'link');
  const spent = new LRUCache<string, true>({ max: mostSpent, ttl: longestLifetimeMs });
  const since = now();
  return {
    make(token, lifetimeMs) {
      const made = now();
      const until = made + Math.min(lifetimeMs, longestLifetimeMs);
      const code = sealer.seal({ token, made, until } satisfies z.input<typeof contentSchema>);
      if (code.length > longestCode) {
        throw new LinkTooLong(
          `The token has ${token.length} characters, too many for a link: log in to the dashboard in another way.`,
        );
      }
      return `/auth/link?code=${code}`;
    },
    take(code) {
      const opened = sealer.open(code);
      const content = contentSchema.safeParse(opened?.value).data;
      if (opened === undefined || content === undefined) return undefined;
      if (content.made < since || content.until <= now() || spent.has(opened.id)) return undefined;
      spent.set(opened.id, true);
      return content.token;
    },
  };
}
