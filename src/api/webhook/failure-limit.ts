import { type FixedWindow, type RateLimit, fixedWindow } from './fixed-window';

/** One request, whose failure may count against its client. */
export interface Attempt {
  /**
   * To be awaited before what may fail: reserves one of the failures that the client has left, and where others have
   * reserved them all waits for their results.
   * @returns false: the client has none left
   */
  reserve(): Promise<boolean>;
  /** It did not fail: the reservation is for others again. */
  succeeded(): void;
  /** It failed. @returns false: beyond the limit, so that the client must not learn how it failed */
  failed(): boolean;
}

export interface FailureLimit {
  /** Whether the client has no failure left; counts nothing. */
  isExhausted(client: string): boolean;
  attempt(client: string): Attempt;
}

interface Reservations {
  taken: number;
  readonly waiting: ((granted: boolean) => void)[];
}

/**
 * At most so many failures for each client, also where its requests come all at once: as many as it has failures left
 * are worked on at the same time.
 * @param now a clock in milliseconds that never goes back
 */
export function failureLimit(limit: RateLimit, now: () => number): FailureLimit {
  const failures: FixedWindow = fixedWindow(limit, now);
  const reservations = new Map<string, Reservations>();

  /** Those who wait get what has become free, or learn that nothing will. */
  const settle = (client: string, reserved: Reservations): void => {
    const left = failures.left(client);
    while (reserved.waiting.length > 0 && (left === 0 || reserved.taken < left)) {
      if (left > 0) reserved.taken += 1;
      reserved.waiting.shift()?.(left > 0);
    }
    if (reserved.taken === 0 && reserved.waiting.length === 0) reservations.delete(client);
  };

  return {
    isExhausted: (client) => failures.left(client) === 0,
    attempt: (client) => {
      let mine: Reservations | undefined;
      const giveBack = (): void => {
        if (mine === undefined) return;
        const reserved = mine;
        mine = undefined;
        reserved.taken -= 1;
        settle(client, reserved);
      };
      return {
        reserve: async () => {
          const reserved = reservations.get(client) ?? { taken: 0, waiting: [] };
          reservations.set(client, reserved);
          const granted = new Promise<boolean>((resolve) => reserved.waiting.push(resolve));
          settle(client, reserved);
          if (!(await granted)) return false;
          mine = reserved;
          return true;
        },
        succeeded: giveBack,
        failed: () => {
          const counted = failures.take(client);
          giveBack();
          return counted;
        },
      };
    },
  };
}
