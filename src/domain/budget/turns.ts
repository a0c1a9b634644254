/** Visits that found nothing keep their place in a line, whichever worker they come back to. */
import { type Allowance } from './allowances';
import { partOf, type Permits, sumOf } from './pace';
import { longestMs } from './rate-window';

/** A visit's place, first come first. What it needs is reserved around the time at which it is to return. */
export interface Turn extends Permits {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Others give back what they do not spend within a second or so. */
export const soonMs = 1_000;
/** A visit fetches from a Git repository before its first request. */
const reservedMs = 30_000;
/** For so long, one that is late does not lose its place. */
const keptMs = 10 * 60_000;
/** A place more is 100 bytes of a workflow's state; visits beyond it come back without one. */
const mostTurns = 2_000;
/** The shortest time between the turns of two visits. */
const leastStepMs = 250;
/** A little closer than they take: a visit that is early keeps its place, while a request of a window that has ended is lost. */
const closeness = 0.85;

export interface Demand {
  readonly need: Permits;
  /** What part of it visits spend, on average. */
  readonly part: Permits;
  /** All that is granted and may be spent. */
  readonly taken: Permits;
  /** Those that come first. */
  readonly ahead: readonly Turn[];
  /** The service asked to send nothing until then. */
  readonly stoppedUntil: number;
}

/** Whether a visit can be let in now, without taking from those ahead of it. */
export function canBegin(demand: Demand, allowances: readonly Allowance[], now: number): boolean {
  const { need, taken } = demand;
  return allowances.every((each) => {
    const used = each.amountOf(taken) + reservedOf(demand, each, now);
    return each.amountOf(need) + used <= each.left;
  });
}

/** When a visit that cannot begin should come back. @returns milliseconds since the epoch */
export function turnOf(demand: Demand, allowances: readonly Allowance[], now: number): number {
  const { need, part, taken, ahead, stoppedUntil } = demand;
  const spent = partOf(taken, part);
  const full = allowances.filter((each) => {
    const used = each.amountOf(spent) + reservedOf(demand, each, now);
    return each.amountOf(need) + used > each.whole;
  });
  const soon = now + soonMs;
  const at =
    stoppedUntil > now
      ? Math.max(stoppedUntil, ...full.map(afterThem)) + ahead.length * leastStepMs
      : Math.max(soon, ...full.map(afterThem));
  return Math.min(at, now + longestMs);

  function afterThem({ whole, freeAt, msEach, amountOf }: Allowance): number {
    const theirs = amountOf(partOf(sumOf(ahead), part));
    return Math.ceil(
      freeAt + Math.max(0, theirs + amountOf(spent) - Math.max(0, whole)) * msEach * closeness,
    );
  }
}

/** What is kept of an allowance for those ahead. */
function reservedOf({ ahead, part }: Demand, { until, amountOf }: Allowance, now: number): number {
  const due = ahead.filter(({ at }) => at < until && at + reservedMs > now);
  return amountOf(partOf(sumOf(due), part));
}

/** @returns the line with this turn in its place, or at the end */
export function withTurn(line: readonly Turn[], turn: Turn): readonly Turn[] {
  const place = placeOf(line, turn.id);
  if (place < line.length) return line.with(place, turn);
  return line.length < mostTurns ? [...line, turn] : line;
}

export function withoutTurn(line: readonly Turn[], id: string): readonly Turn[] {
  return line.filter((turn) => turn.id !== id);
}

/** How many are ahead. */
export function placeOf(line: readonly Turn[], id: string): number {
  const place = line.findIndex((turn) => turn.id === id);
  return place < 0 ? line.length : place;
}

/** Without those that did not come. */
export function keptTurns(line: readonly Turn[], now: number): readonly Turn[] {
  return line.filter(({ at }) => at + keptMs > now);
}
