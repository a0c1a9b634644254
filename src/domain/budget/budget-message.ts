/** What a worker and the budget of a credential say to each other. Plain data, bounded: it is kept in a history. */
import { type Pace, type Permits } from './pace';

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

function isAsk(ask: unknown): boolean {
  if (!isObject(ask) || !isObject(ask['report']) || !isObject(ask['pace'])) return false;
  const { worker, report, pace, held, wanted } = ask;
  const { atOnce, limits } = pace;
  return (
    typeof worker === 'string' &&
    worker.length <= 100 &&
    [held, report['spent']].every(isPermits) &&
    isNumber(atOnce) &&
    Array.isArray(limits) &&
    limits.length <= 10 &&
    (wanted === undefined ||
      (Array.isArray(wanted) && wanted.length <= mostWanted && wanted.every(isWantedVisit))) &&
    numbersIn(ask).every(isNumber)
  );
}

function isPermits(value: unknown): value is Fields {
  return isObject(value) && isNumber(value['requests']) && isNumber(value['changes']);
}

function isWantedVisit(value: unknown): boolean {
  return isPermits(value) && typeof value['id'] === 'string' && value['id'].length <= 40;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** As a count, or a time in milliseconds. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1e14;
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return isObject(value) ? Object.values(value).flatMap(numbersIn) : [];
}
