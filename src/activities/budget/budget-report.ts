import { type BudgetReport, type RateFigures } from '../../domain/budget/budget-message';
import { noPermits, type Permits, sumOf } from '../../domain/budget/pace';
import { compareWindows } from '../../domain/budget/rate-window';
import { type PacedAnswer } from '../../providers/port';

/** Collects what a worker learns between two asks. */
export interface OpenReport {
  /** @param said undefined: no answer came, and nothing tells whether the request was counted */
  add(changes: boolean, said: PacedAnswer | undefined): void;
  /** Whether the service has told its figures, or that it has none. */
  isKnown(): boolean;
  remaining(): number | undefined;
  /** Begins the next report; `restore` adds this one to it, where it was not taken. */
  take(): { readonly report: BudgetReport; restore(): void };
}

interface Collected {
  readonly spent: Permits;
  /** With the time of the reset, and when they came, in milliseconds since the epoch. */
  readonly figures?: Omit<RateFigures, 'resetInMs'> & { readonly resetAt: number; readonly at: number };
  readonly uncounted: number;
  readonly silent?: true;
  readonly stoppedUntil: number;
}

const nothing: Collected = { spent: noPermits, uncounted: 0, stoppedUntil: 0 };
export function openReport(): OpenReport {
  let collected = nothing;
  let isKnown = false;
  let remaining: number | undefined;
  return {
    add(changes, said) {
      const now = Date.now();
      const { figures } = said ?? {};
      isKnown ||= figures !== undefined || said?.isTelling === true;
      remaining = figures?.remaining ?? remaining;
      const heard =
        figures === undefined ? undefined : { ...figures, resetAt: now + figures.resetInMs, at: now };
      const newest = newestOf(collected.figures, heard);
      const stoppedUntil = Math.max(collected.stoppedUntil, now + (said?.stopMs ?? -Infinity));
      collected = {
        ...collected,
        stoppedUntil,
        ...(said?.isFree === true
          ? {}
          : { spent: sumOf([collected.spent, { requests: 1, changes: changes ? 1 : 0 }]) }),
        ...(newest === undefined ? {} : { figures: newest }),
        uncounted: heard === undefined ? collected.uncounted + 1 : 0,
        ...(heard === undefined && said?.isTelling === true ? { silent: true } : {}),
      };
    },
    isKnown: () => isKnown,
    remaining: () => remaining,
    take() {
      const taken = collected;
      collected = nothing;
      return {
        report: reportOf(taken, Date.now()),
        restore() {
          const figures = newestOf(taken.figures, collected.figures);
          collected = {
            spent: sumOf([taken.spent, collected.spent]),
            ...(figures === undefined ? {} : { figures }),
            // The figures that came since count all before them.
            uncounted: (collected.figures === undefined ? taken.uncounted : 0) + collected.uncounted,
            ...(taken.silent === true || collected.silent === true ? { silent: true } : {}),
            stoppedUntil: Math.max(taken.stoppedUntil, collected.stoppedUntil),
          };
        },
      };
    },
  };
}

/** Of one window, the fewest remaining are the newest. */
function newestOf(before: Collected['figures'], heard: Collected['figures']): Collected['figures'] {
  if (before === undefined || heard === undefined) return heard ?? before;
  const later = compareWindows(heard, { ...before, lengthMs: before.resetAt - before.at });
  if (later !== 0) return later > 0 ? heard : before;
  return heard.remaining <= before.remaining ? heard : before;
}

function reportOf({ spent, figures, uncounted, silent, stoppedUntil }: Collected, now: number): BudgetReport {
  return {
    spent,
    uncounted,
    ...(figures === undefined
      ? {}
      : {
          figures: {
            limit: figures.limit,
            remaining: figures.remaining,
            resetInMs: Math.max(0, figures.resetAt - now),
            ...(figures.mark === undefined ? {} : { mark: figures.mark }),
          },
          figuresAgeMs: Math.max(0, now - figures.at),
        }),
    ...(silent === true ? { silent } : {}),
    ...(stoppedUntil > now ? { stopMs: stoppedUntil - now } : {}),
  };
}
