/** Figures of many Pipelines over weeks. docs/figures.md says in words what counts as what: change both. */
import { type LaneHistory, type ObservedPromotion } from './lane-history';
import { type LeadTime, leadTimesOf, type ObservedPipeline } from './lead-times';
import { type Spread, spreadOf } from './spread';
import { weekMs } from './weeks';

export interface LeadTimes extends Spread {
  /** Deployments whose beginning is not known. */
  readonly unmeasured: number;
}

export interface Counts {
  readonly promotions: number;
  /** Of them, those that gave up at least once. */
  readonly failed: number;
  readonly deployments: number;
  /** Of them, those that their environment went back from, whenever it did. */
  readonly rolledBack: number;
}

export interface Week extends Counts {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly leadTime: LeadTimes;
  /** Lanes whose records reach back to its beginning. */
  readonly wholeLanes: number;
}

export interface Hop extends LeadTimes {
  /** Promoted into. */
  readonly environment: string;
}

export interface Figures {
  /** Oldest first. */
  readonly weeks: readonly Week[];
  readonly total: Counts;
  /** From the first environment of each Pipeline to its last. */
  readonly endToEnd: LeadTimes;
  /** In the order in which the environments come in the Pipelines. */
  readonly hops: readonly Hop[];
  readonly restored: Spread & { readonly broken: number };
  /** Of all promotions, milliseconds since the epoch; absent: there is none. */
  readonly firstAt?: number;
  /** From when on the records of all lanes are complete, milliseconds since the epoch; absent: from their beginning. */
  readonly completeSince?: number;
}

export interface Range {
  /** Beginnings of weeks, oldest first, without gaps; milliseconds since the epoch. */
  readonly weeks: readonly number[];
  /** Nothing after it counts. Milliseconds since the epoch. */
  readonly until: number;
}

/** Adds up Pipelines, in any order: thousands of them take long enough for others to wait, so a caller can pause in between. */
export class FiguresSum {
  readonly #weeks: readonly OpenWeek[];
  readonly #first: number;
  readonly #until: number;
  readonly #endToEnd = new OpenTimes();
  readonly #hops = new Map<string, OpenHop>();
  readonly #restored: number[] = [];
  #broken = 0;
  #firstAt = Infinity;
  #forgotBefore = -Infinity;

  constructor({ weeks, until }: Range) {
    this.#weeks = weeks.map((start) => new OpenWeek(start));
    this.#first = weeks[0] ?? until;
    this.#until = until;
  }

  add(pipeline: ObservedPipeline): void {
    const { hops, endToEnd } = leadTimesOf(pipeline);
    for (const lane of pipeline.lanes.values()) this.#addLane(lane);
    for (const time of endToEnd) {
      const week = this.#weekOf(time.at);
      if (week === undefined) continue;
      week.leadTime.add(time);
      this.#endToEnd.add(time);
    }
    for (const [environment, times] of hops) {
      const counted = times.filter(({ at }) => this.#weekOf(at) !== undefined);
      if (counted.length === 0) continue;
      const hop = this.#hops.get(environment) ?? new OpenHop();
      this.#hops.set(environment, hop);
      for (const time of counted) hop.times.add(time);
      hop.addPlace(pipeline.environments.indexOf(environment));
    }
  }

  take(): Figures {
    const hops = [...this.#hops].toSorted(
      ([a, { place }], [b, other]) => place - other.place || (a < b ? -1 : 1),
    );
    return {
      weeks: this.#weeks.map(({ start, counts, leadTime, wholeLanes }) => ({
        start,
        ...counts,
        leadTime: leadTime.take(),
        wholeLanes,
      })),
      total: totalOf(this.#weeks.map(({ counts }) => counts)),
      endToEnd: this.#endToEnd.take(),
      hops: hops.map(([environment, { times }]) => ({ environment, ...times.take() })),
      restored: { ...spreadOf(this.#restored), broken: this.#broken },
      ...(this.#firstAt === Infinity ? {} : { firstAt: this.#firstAt }),
      ...(this.#forgotBefore === -Infinity ? {} : { completeSince: this.#forgotBefore }),
    };
  }

  #addLane({ promotions, restored, brokenSince, forgotBefore = -Infinity }: LaneHistory): void {
    for (const promotion of promotions) if (promotion.rollback !== true) this.#addChange(promotion);
    for (const { from, to } of restored) if (this.#weekOf(to) !== undefined) this.#restored.push(to - from);
    if (brokenSince !== undefined) this.#broken += 1;
    for (const week of this.#weeks) if (forgotBefore < week.start) week.wholeLanes += 1;
    this.#forgotBefore = Math.max(this.#forgotBefore, forgotBefore);
    this.#firstAt = Math.min(this.#firstAt, promotions[0]?.at ?? Infinity);
  }

  #addChange({ at, failed, deployedAt, wentBackAt }: ObservedPromotion): void {
    const began = this.#weekOf(at)?.counts;
    if (began !== undefined) {
      began.promotions += 1;
      if (failed === true) began.failed += 1;
    }
    // A version that went back before all targets ran it had reached its environment, too.
    const reachedAt = deployedAt ?? wentBackAt;
    const reached = reachedAt === undefined ? undefined : this.#weekOf(reachedAt)?.counts;
    if (reached === undefined) return;
    reached.deployments += 1;
    if (wentBackAt !== undefined) reached.rolledBack += 1;
  }

  #weekOf(at: number): OpenWeek | undefined {
    return at > this.#until ? undefined : this.#weeks[Math.floor((at - this.#first) / weekMs)];
  }
}

/** The same in whatever order the Pipelines come. */
export function figuresOf(pipelines: readonly ObservedPipeline[], range: Range): Figures {
  const sum = new FiguresSum(range);
  for (const pipeline of pipelines) sum.add(pipeline);
  return sum.take();
}

const noCounts = { promotions: 0, failed: 0, deployments: 0, rolledBack: 0 } satisfies Counts;

class OpenWeek {
  readonly counts = { ...noCounts };
  readonly leadTime = new OpenTimes();
  wholeLanes = 0;
  constructor(readonly start: number) {}
}

class OpenTimes {
  readonly #durations: number[] = [];
  #unmeasured = 0;

  add({ tookMs }: LeadTime): void {
    if (tookMs === undefined) this.#unmeasured += 1;
    else this.#durations.push(tookMs);
  }

  take(): LeadTimes {
    return { ...spreadOf(this.#durations), unmeasured: this.#unmeasured };
  }
}

class OpenHop {
  readonly times = new OpenTimes();
  #places = 0;
  #known = 0;

  addPlace(place: number): void {
    if (place < 0) return;
    this.#places += place;
    this.#known += 1;
  }

  /** In the middle of its Pipelines; without any, last. */
  get place(): number {
    return this.#known === 0 ? Number.MAX_VALUE : this.#places / this.#known;
  }
}

function totalOf(weeks: readonly Counts[]): Counts {
  return weeks.reduce(
    (sum, week) => ({
      promotions: sum.promotions + week.promotions,
      failed: sum.failed + week.failed,
      deployments: sum.deployments + week.deployments,
      rolledBack: sum.rolledBack + week.rolledBack,
    }),
    noCounts,
  );
}
