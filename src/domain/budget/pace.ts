/** How fast a service may be asked, as far as its answers do not say it themselves. Plain data: it is sent to a workflow. */
export interface Pace {
  /** The number of requests at once with one credential, of all workers together. */
  readonly atOnce: number;
  /** What the service publishes and no header says. */
  readonly limits: readonly PaceLimit[];
}

/** At most so many in so long; how much a request weighs depends on whether it changes something. */
export interface PaceLimit {
  readonly most: number;
  /** Milliseconds; `longestLimitMs` at most. */
  readonly perMs: number;
  readonly read: number;
  readonly change: number;
}

/** What is spent is not remembered for longer. */
export const longestLimitMs = 3_600_000;

/** Requests that may be sent; so many of them may change something. */
export interface Permits {
  readonly requests: number;
  readonly changes: number;
}

export const noPermits: Permits = { requests: 0, changes: 0 };

/** Of a service that publishes nothing. */
export const defaultPace: Pace = { atOnce: 10, limits: [] };

export function weightOf({ read, change }: PaceLimit, { requests, changes }: Permits): number {
  return (requests - changes) * read + changes * change;
}

export function sumOf(permits: readonly Permits[]): Permits {
  let requests = 0;
  let changes = 0;
  for (const each of permits) {
    requests += each.requests;
    changes += each.changes;
  }
  return { requests, changes };
}

export function partOf({ requests, changes }: Permits, part: Permits): Permits {
  return { requests: requests * part.requests, changes: changes * part.changes };
}

export function leastOf(a: Permits, b: Permits): Permits {
  return { requests: Math.min(a.requests, b.requests), changes: Math.min(a.changes, b.changes) };
}
