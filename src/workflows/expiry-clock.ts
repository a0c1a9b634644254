/** The clock of a promotion's `gates.expireAfter`. It stands still while the promotion could not act or be merged anyway. */
export interface ExpiryClock {
  /** Whether it stands from now on. */
  stand(still: boolean): void;
  /** Milliseconds that count. */
  ranMs(): number;
  /** Milliseconds until `limitMs` have passed; undefined: they do not pass, or there is no limit. */
  leftMs(limitMs: number | undefined): number | undefined;
}

/** @param before milliseconds that counted before the promotion continued as new */
export function openExpiryClock(before = 0): ExpiryClock {
  let counted = before;
  let since: number | undefined = Date.now();
  const ranMs = (): number => counted + (since === undefined ? 0 : Math.max(Date.now() - since, 0));
  return {
    ranMs,
    stand(still) {
      counted = ranMs();
      since = still ? undefined : Date.now();
    },
    leftMs(limitMs) {
      return limitMs === undefined || since === undefined ? undefined : Math.max(limitMs - ranMs(), 0);
    },
  };
}
