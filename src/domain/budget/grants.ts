/** Which visits can begin now, and when the others have their turn. */
import { allowancesOf } from './allowances';
import { type BudgetAsk } from './budget-message';
import { type BudgetState } from './budget-state';
import { leastOf, noPermits, type Pace, type Permits, sumOf } from './pace';
import { reserveOf } from './rate-window';
import { canBegin, placeOf, soonMs, type Turn, turnOf, withoutTurn, withTurn } from './turns';

/** On top of what is wanted, where much is left: spares asking. */
const bonus: Permits = { requests: 40, changes: 10 };
export interface Grant {
  /** With a bonus. */
  readonly granted: Permits;
  /** What the visits that can begin need. */
  readonly begun: Permits;
  readonly isProbe?: true;
  readonly turns: readonly number[];
  readonly line: readonly Turn[];
}

/** @param now milliseconds since the epoch */
export function grantOf(state: BudgetState, ask: BudgetAsk, now: number): Grant {
  const { wanted = [], pace } = ask;
  const { stoppedUntil, usual } = state;
  const part = partSpent(usual);
  const isKnown = state.window !== undefined || state.silent === true;
  if (!isKnown && stoppedUntil <= now) return probe(state, ask);
  const allowances = allowancesOf(state, pace, now);
  const before = takenBy(state, ask);
  const turns = wanted.map(() => 0);
  let line = state.turns;
  let granted = noPermits;
  const rankOf = (index: number): number =>
    wanted[index]?.begun === true ? -1 : placeOf(state.turns, wanted[index]?.id ?? '');
  for (const index of [...wanted.keys()].sort((a, b) => rankOf(a) - rankOf(b))) {
    const visit = wanted[index];
    if (visit === undefined) continue;
    const { id, begun } = visit;
    const place = placeOf(line, id);
    const demand = {
      need: withinCapacity(visit, state, pace),
      part,
      taken: sumOf([before, granted]),
      ahead: begun === true ? [] : line.slice(0, place),
      stoppedUntil,
    };
    if (stoppedUntil <= now && canBegin(demand, allowances, now)) {
      granted = sumOf([granted, demand.need]);
      line = withoutTurn(line, id);
      continue;
    }
    // One that is early keeps its turn.
    const known = line[place]?.at ?? now;
    const at = known > now ? known : turnOf(demand, allowances, now);
    turns[index] = at - now;
    if (begun !== true) line = withTurn(line, { id, at, ...demand.need });
  }
  const rest = { need: bonus, part, taken: sumOf([before, granted]), ahead: line, stoppedUntil };
  const isMore =
    granted.requests > 0 && line.length === 0 && isPlenty(state) && canBegin(rest, allowances, now);
  return { granted: isMore ? sumOf([granted, bonus]) : granted, begun: granted, turns, line };
}

/** One worker asks the service first. */
function probe(state: BudgetState, ask: BudgetAsk): Grant {
  const { wanted = [] } = ask;
  const isAsked = takenBy(state, ask).requests > 0 || wanted.length === 0;
  return {
    granted: isAsked ? noPermits : { requests: 1, changes: 1 },
    begun: noPermits,
    ...(isAsked ? {} : { isProbe: true }),
    turns: wanted.map((_, index) => (index === 0 && !isAsked ? 0 : soonMs)),
    line: state.turns,
  };
}

/** Everything that is granted and not reported. */
function takenBy({ leases }: BudgetState, { worker, held }: BudgetAsk): Permits {
  const others = Object.entries(leases).filter(([name]) => name !== worker);
  return sumOf([held, ...others.map(([, lease]) => lease)]);
}

function partSpent({ granted, spent }: BudgetState['usual']): Permits {
  const of = (whole: number, part: number): number => Math.min(1, part / Math.max(1, whole));
  return { requests: of(granted.requests, spent.requests), changes: of(granted.changes, spent.changes) };
}

/** No visit may need more than there ever is. */
function withinCapacity({ requests, changes }: Permits, { window }: BudgetState, { limits }: Pace): Permits {
  const most = window === undefined ? Infinity : Math.max(1, window.limit - reserveOf(window));
  const mostChanges = limits.map((limit) =>
    limit.change > 0 ? Math.floor(limit.most / limit.change) : Infinity,
  );
  const reads = limits.map(({ most: all, read, change }) =>
    read > 0 ? Math.floor(all / Math.max(read, change)) : Infinity,
  );
  return leastOf(
    { requests, changes },
    { requests: Math.min(most, ...reads), changes: Math.min(...mostChanges, Infinity) },
  );
}

/** Whether what a worker does not spend may wait for its next visit. */
export function isPlenty({ window, leases }: BudgetState): boolean {
  if (window === undefined) return true;
  const { requests } = sumOf(Object.values(leases));
  return window.remaining - requests > window.limit / 2 && window.limit > 10 * bonus.requests;
}
