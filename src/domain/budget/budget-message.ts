/** What a worker and the budget of a credential say to each other. Plain data, bounded: it is kept in a history. */
import { longestLimitMs, type Pace, type Permits } from './pace';

/** What a service's headers said of the window that its limit is for. */
export interface RateFigures {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds from when this is sent. */
  readonly resetInMs: number;
  /** The reset by the service's clock, milliseconds since the epoch, where it says it so: the same for a whole window. */
  readonly mark?: number;
}

/** What a worker has learned since it asked last. */
export interface BudgetReport {
  /** Without those that the service does not count. */
  readonly spent: Permits;
  /** Of the newest window, with the fewest remaining. */
  readonly figures?: RateFigures;
  /** How long ago they came, in milliseconds. */
  readonly figuresAgeMs?: number;
  /** Requests after these figures, or without any, whose answers had none. */
  readonly uncounted: number;
  /** The service answers without such headers. */
  readonly silent?: true;
  /** A rate limit asked to wait for so long, in milliseconds. */
  readonly stopMs?: number;
}

/** A visit that waits for its requests. */
export interface WantedVisit extends Permits {
  /** The same whenever it asks again, from whichever worker. */
  readonly id: string;
  /** It has sent some of its requests, so it comes before all others. */
  readonly begun?: true;
}

/** In one ask. */
export const mostWanted = 100;

export interface BudgetAsk {
  /** The process. */
  readonly worker: string;
  readonly pace: Pace;
  readonly report: BudgetReport;
  /** Of earlier grants, what its visits still need. It gives the rest back. */
  readonly held: Permits;
  /** Absent: it only reports. */
  readonly wanted?: readonly WantedVisit[];
}

export interface BudgetAnswer {
  /** In addition to what is held: for the visits that can begin, and perhaps more. */
  readonly granted: Permits;
  /** From then on, it has to ask before it sends what is left. Milliseconds. */
  readonly forMs: number;
  /** Its share of the requests at once. */
  readonly atOnce: number;
  /** Nothing is known yet: the visit that can begin gets one request, whose answer tells. */
  readonly isProbe?: true;
  /** Others need what it does not spend: it is to be given back, not passed to the next visit. */
  readonly isScarce?: true;
  /** For how long nothing may be sent at all, in milliseconds. */
  readonly stopMs?: number;
  /** In how many milliseconds each wanted visit has its turn; 0: it can begin. */
  readonly turns: readonly number[];
}

/** @returns a sentence where this is not a `BudgetAsk`: clients of Temporal can send anything */
export function faultOfAsk(ask: unknown): string | undefined {
  return isAsk(ask) ? undefined : 'This is not what a worker of Windlass asks.';
}

type Check = (value: unknown) => boolean;

/** Where the clocks and the limits of services are, and far from what adds up to no number. */
const largest = 1e14;
/** A visit that needs more would hold up the others for days. */
const mostOfVisit = 1_000;

const isAmount = numberFrom(0, largest);
const isTrue: Check = (value) => value === true;
const isPermits = objectOf({ requests: isAmount, changes: isAmount });

const isAsk = objectOf({
  worker: textUpTo(100),
  pace: objectOf({
    atOnce: numberFrom(1, largest),
    limits: listOf(
      10,
      objectOf({
        most: numberFrom(1, largest),
        perMs: numberFrom(1, longestLimitMs),
        read: isAmount,
        change: isAmount,
      }),
    ),
  }),
  report: objectOf({
    spent: isPermits,
    figures: optional(
      objectOf({
        // With none, no request would ever tell that there are more.
        limit: numberFrom(1, largest),
        remaining: isAmount,
        resetInMs: isAmount,
        mark: optional(isAmount),
      }),
    ),
    figuresAgeMs: optional(isAmount),
    uncounted: isAmount,
    silent: optional(isTrue),
    stopMs: optional(isAmount),
  }),
  held: isPermits,
  wanted: optional(
    listOf(
      mostWanted,
      objectOf({
        id: textUpTo(40),
        requests: numberFrom(1, mostOfVisit),
        changes: numberFrom(0, mostOfVisit),
        begun: optional(isTrue),
      }),
    ),
  ),
});

function numberFrom(least: number, most: number): Check {
  return (value) => typeof value === 'number' && value >= least && value <= most;
}

function textUpTo(most: number): Check {
  return (value) => typeof value === 'string' && value !== '' && value.length <= most;
}

function listOf(most: number, isItem: Check): Check {
  return (value) => Array.isArray(value) && value.length <= most && value.every(isItem);
}

function optional(isValue: Check): Check {
  return (value) => value === undefined || isValue(value);
}

/** Others than these fields are not read. */
function objectOf(fields: Readonly<Record<string, Check>>): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, isField]) => isField((value as Record<string, unknown>)[name]));
}
