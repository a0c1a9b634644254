/**
 * What the records of lanes say for figures, in memory. A lane is asked again only after its view shows that it has recorded
 * something, and only when someone looks: while no one does, no worker is asked.
 */
import { type LaneHistory, laneHistory } from '../domain/figures/lane-history';
import { type LaneView } from '../domain/lane/lane-view';
import { utf8Bytes } from '../domain/names';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { readRecords } from '../domain/record/read-records';
import { type KeptRecords } from '../domain/record/record-list';
import { laneId } from '../workflows/contract/ids';

export interface LaneHistoriesOptions {
  /** Newest first; undefined: there is no such lane. Rejects if it does not answer. */
  readonly ask: (pipeline: PipelineRef, environment: string) => Promise<KeptRecords | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Of all histories together. */
  readonly mostBytes?: number;
}

export interface ReadHistories {
  /** As its lane last told it, also if it has recorded something since; absent: it has not told it yet. */
  of(lane: LaneView): LaneHistory | undefined;
  /** Lanes whose histories are as their views are. */
  readonly current: number;
  /** Why the others are not; absent: all are, or they are being asked. */
  readonly silence?: 'no-answer' | 'memory';
}

interface Held {
  readonly history: LaneHistory;
  readonly key: string;
  readonly bytes: number;
}

/** Queries of lanes at once: each costs a worker some milliseconds, more where the lane must be loaded. */
const concurrent = 4;
/** Some 200,000 promotions. */
const defaultBytes = 32 * 1024 * 1024;
/** An object of a promotion with its times, in V8. */
const promotionBytes = 160;
const historyBytes = 512;

const nothing: LaneHistory = { promotions: [], restored: [] };

export class LaneHistories {
  readonly #options: LaneHistoriesOptions;
  readonly #held = new Map<string, Held>();
  /** To be asked, by id. */
  readonly #wanted = new Map<string, LaneView>();
  readonly #asking = new Set<string>();
  /** Those that did not answer when they were last asked. */
  readonly #silent = new Set<string>();
  #bytes = 0;
  #isFull = false;
  /** How many lanes in a row did not answer. */
  #unanswered = 0;
  #workers = 0;
  #waiters: (() => void)[] = [];

  constructor(options: LaneHistoriesOptions) {
    this.#options = options;
  }

  /**
   * Has the lanes asked that have recorded something since they last were. What does not answer within `waitMs` is asked in the
   * background.
   * @param lanes that the caller sees
   * @param isAnswered whether a worker polls: if none does, none is asked
   */
  async read(lanes: readonly LaneView[], waitMs: number, isAnswered: boolean): Promise<ReadHistories> {
    const old = lanes.filter((lane) => !this.#isCurrent(lane));
    if (isAnswered) this.#want(old);
    if (old.length > 0) await this.#settled(waitMs);
    const current = lanes.filter((lane) => this.#isCurrent(lane)).length;
    const silence = current === lanes.length ? undefined : this.#silence(isAnswered);
    return {
      of: (lane) => (hasRecords(lane) ? this.#held.get(idOf(lane))?.history : nothing),
      current,
      ...(silence === undefined ? {} : { silence }),
    };
  }

  /** Forgets the lanes that no longer run. */
  keep(running: Iterable<LaneView>): void {
    const ids = new Set<string>();
    for (const lane of running) ids.add(idOf(lane));
    for (const id of this.#silent) if (!ids.has(id)) this.#silent.delete(id);
    for (const [id, { bytes }] of this.#held) {
      if (ids.has(id)) continue;
      this.#held.delete(id);
      this.#bytes -= bytes;
      this.#isFull = false;
    }
  }

  #silence(isAnswered: boolean): ReadHistories['silence'] {
    if (!isAnswered || (this.#unanswered > 0 && this.#workers === 0)) return 'no-answer';
    return this.#isFull ? 'memory' : undefined;
  }

  #isCurrent(lane: LaneView): boolean {
    return !hasRecords(lane) || this.#held.get(idOf(lane))?.key === keyOf(lane);
  }

  #want(lanes: readonly LaneView[]): void {
    for (const lane of lanes) {
      const id = idOf(lane);
      // Where there is no room, only what is held already is kept up to date.
      const hasRoom = !this.#isFull || this.#held.has(id);
      if (hasRoom && !this.#asking.has(id)) this.#wanted.set(id, lane);
    }
    this.#unanswered = 0;
    // What did not answer before keeps no other lane from being asked.
    for (const id of this.#silent) {
      const lane = this.#wanted.get(id);
      if (lane === undefined || !this.#wanted.delete(id)) continue;
      this.#wanted.set(id, lane);
    }
    while (this.#workers < concurrent && this.#workers < this.#wanted.size) void this.#work();
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    this.#workers += 1;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const [id, lane] = next;
      this.#asking.add(id);
      try {
        const kept = await this.#options.ask(lane.pipeline, lane.environment);
        this.#hold(id, lane, kept ?? { records: [] });
        this.#unanswered = 0;
        this.#silent.delete(id);
      } catch {
        this.#unanswered += 1;
        this.#silent.add(id);
        // Each of the others would take seconds as well. The next look asks again.
        if (this.#unanswered >= concurrent) this.#wanted.clear();
      } finally {
        this.#asking.delete(id);
      }
    }
    this.#workers -= 1;
    if (this.#workers > 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const tell of waiters) tell();
  }

  #next(): [string, LaneView] | undefined {
    const [first] = this.#wanted;
    if (first !== undefined) this.#wanted.delete(first[0]);
    return first;
  }

  #hold(id: string, lane: LaneView, { records, forgotBefore }: KeptRecords): void {
    // Anyone who reaches Temporal can have written them.
    const read = readRecords(records, this.#options.now());
    const history = laneHistory({
      records: read,
      ...(typeof forgotBefore === 'number' && Number.isFinite(forgotBefore) ? { forgotBefore } : {}),
    });
    const bytes = bytesOf(history);
    const before = this.#held.get(id)?.bytes ?? 0;
    if (this.#bytes - before + bytes > (this.#options.mostBytes ?? defaultBytes)) {
      this.#isFull = true;
      return;
    }
    this.#bytes += bytes - before;
    this.#held.set(id, { history, key: keyOf(lane), bytes });
  }

  /** Waits until no lane is asked any more, or for so long. */
  async #settled(waitMs: number): Promise<void> {
    if (this.#workers === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function idOf({ pipeline, environment }: LaneView): string {
  return laneId(pipeline, environment);
}

/** A lane of a version that keeps no records has none, either. */
function hasRecords({ recordedAt }: LaneView): boolean {
  return recordedAt !== undefined;
}

/** Differs where the records do: two of them can have the same time. */
function keyOf({ recordedAt, last, settling, acting }: LaneView): string {
  return JSON.stringify([
    recordedAt,
    last?.version,
    last?.state,
    last?.endedAt,
    settling?.at,
    acting?.proposal?.at,
  ]);
}

function bytesOf({ promotions, restored }: LaneHistory): number {
  const texts = promotions.reduce((sum, { version }) => sum + utf8Bytes(version), 0);
  return historyBytes + promotions.length * promotionBytes + restored.length * 64 + texts;
}
