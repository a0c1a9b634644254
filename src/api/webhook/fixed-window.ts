import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /** The maximum count per interval. */
  readonly value: number;
  readonly intervalMs: number;
}

/** Counts by key, in windows that begin with the first count and last one interval. */
export interface FixedWindow {
  /** How many more the key's window takes; counts nothing. */
  left(key: string): number;
  /** Counts one. @returns whether it was still within the limit */
  take(key: string): boolean;
}

/** The number of keys in memory: a few megabytes at most, regardless of how many addresses a flood has. */
const maxKeys = 10_000;

/** @param now a monotonic clock in milliseconds */
export function fixedWindow(limit: RateLimit, now: () => number): FixedWindow {
  const counts = new LRUCache<string, number>({
    max: maxKeys,
    ttl: limit.intervalMs,
    // The window begins with its first count; later counts do not extend it.
    noUpdateTTL: true,
    ttlResolution: 0,
    perf: { now },
  });
  const count = (key: string): number => counts.get(key) ?? 0;
  return {
    left: (key) => Math.max(0, limit.value - count(key)),
    take: (key) => {
      const before = count(key);
      if (before >= limit.value) return false;
      counts.set(key, before + 1);
      return true;
    },
  };
}
