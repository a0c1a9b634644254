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
  /** How many visits ended. */
  readonly visits: number;
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

export interface BudgetAsk {
  /** The process. */
  readonly worker: string;
  readonly pace: Pace;
  readonly report: BudgetReport;
  /** Of earlier grants, what its visits still need. It gives the rest back. */
  readonly held: Permits;
  /** Absent: it only reports. */
  readonly wanted?: {
    /** How many visits wait. */
    readonly visits: number;
    /** What the greediest of them needs. */
    readonly each: Permits;
  };
}

export interface BudgetAnswer {
  /** In addition to what is held. */
  readonly granted: Permits;
  /** From then on, it has to ask before it sends what is left. Milliseconds. */
  readonly forMs: number;
  /** Its share of the requests at once. */
  readonly atOnce: number;
  /** Nothing is known yet: one request, whose answer tells. */
  readonly isProbe?: true;
  /** Others need what it does not spend. */
  readonly isScarce?: true;
  /** For how long nothing may be sent at all, in milliseconds. */
  readonly stopMs?: number;
  /** For the visits that got nothing: when the first may ask again, and how far apart they are, in milliseconds. */
  readonly wait?: { readonly ms: number; readonly stepMs: number };
}

/** @returns a sentence where this is not a `BudgetAsk`: clients of Temporal can send anything */
export function faultOfAsk(ask: unknown): string | undefined {
  return isAsk(ask) ? undefined : 'This is not what a worker of Windlass asks.';
}

function isAsk(ask: unknown): boolean {
  if (!isObject(ask) || !isObject(ask['report']) || !isObject(ask['pace'])) return false;
  const { worker, report, pace, held, wanted } = ask;
  const { atOnce, limits } = pace;
  const permits = [held, report['spent'], isObject(wanted) ? wanted['each'] : held];
  return (
    typeof worker === 'string' &&
    worker.length <= 100 &&
    permits.every((each) => isObject(each) && isNumber(each['requests']) && isNumber(each['changes'])) &&
    isNumber(atOnce) &&
    Array.isArray(limits) &&
    limits.length <= 10 &&
    (!isObject(wanted) || (isNumber(wanted['visits']) && wanted['visits'] <= 1_000)) &&
    numbersIn(ask).every(isNumber)
  );
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
