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
  /** For the visits that got nothing: when the first may come again, and how far apart they are, in milliseconds. */
  readonly wait?: { readonly ms: number; readonly stepMs: number };
}

/** @returns a sentence where this is not an ask: clients of Temporal can send anything */
export function faultOfAsk(ask: BudgetAsk): string | undefined {
  const numbers: unknown[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'number') numbers.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(ask);
  const isShaped =
    typeof ask?.worker === 'string' &&
    [ask.report?.spent, ask.held, ask.wanted?.each ?? ask.held].every(
      (each) => typeof each?.requests === 'number' && typeof each.changes === 'number',
    ) &&
    Array.isArray(ask.pace?.limits) &&
    typeof ask.pace.atOnce === 'number';
  const isBounded = numbers.every((each) => Number.isFinite(each) && (each as number) >= 0 && (each as number) <= 1e14);
  const isSmall = ask?.worker?.length <= 100 && ask.pace?.limits?.length <= 10 && (ask.wanted?.visits ?? 0) <= 1_000;
  return isShaped && isBounded && isSmall ? undefined : 'This is not what a worker of Windlass asks.';
}
