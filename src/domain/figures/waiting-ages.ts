/** How old is what waits now: from the lanes' views, without asking any lane. */
import { type LaneView } from '../lane/lane-view';
import { type PipelineRef } from '../pipeline/pipeline';
import { type Spread, spreadOf } from './spread';

export interface WaitingAges extends Spread {
  readonly oldest?: {
    readonly pipeline: PipelineRef;
    readonly environment: string;
    readonly version: string;
    /** Milliseconds since the epoch. */
    readonly since: number;
  };
  /** How many are younger than each limit, and not younger than the one before. The last one has no limit. */
  readonly ages: readonly { readonly belowSeconds?: number; readonly count: number }[];
}

const hour = 3_600;
const day = 24 * hour;
/** What is normal on a working day, what is late, what was forgotten. */
const limits = [hour, day, 7 * day, 30 * day];

/** Of promotions that are neither merged nor ended. @param now milliseconds since the epoch */
export function waitingAges(lanes: Iterable<LaneView>, now: number): WaitingAges {
  const waiting = [...lanes].flatMap(({ pipeline, environment, acting }) =>
    acting?.action === 'promote'
      ? [{ pipeline, environment, version: acting.version, since: acting.since }]
      : [],
  );
  const ages = waiting.map(({ since }) => Math.max(0, now - since));
  const [oldest] = waiting.toSorted((a, b) => a.since - b.since);
  return {
    ...spreadOf(ages),
    ...(oldest === undefined ? {} : { oldest }),
    ages: [...limits, undefined].map((belowSeconds, index) => ({
      ...(belowSeconds === undefined ? {} : { belowSeconds }),
      count: ages.filter((ms) => isBetween(ms / 1_000, limits[index - 1], belowSeconds)).length,
    })),
  };
}

function isBetween(seconds: number, from = 0, below = Infinity): boolean {
  return seconds >= from && seconds < below;
}
