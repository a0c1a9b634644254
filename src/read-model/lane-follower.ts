/** Reads the lanes out of Temporal's visibility: all of them now and then, in between those that have changed. */
import { type Logger } from 'pino';
import { laneView, type LaneView } from '../domain/lane/lane-view';
import { laneId } from '../workflows/contract/ids';
import { type LaneListing, type ListedLane } from '../temporal/listed-lanes';
import { type ChangeFeed } from './change-feed';
import { type JoinedPipelines } from './joined-pipelines';
import { readLaneView } from './lane-view-schema';
import { repeat, type Repeating } from './repeat';
import { type WorkersSeen, WorkerWatch } from './worker-watch';

export interface Freshness extends WorkersSeen {
  /** When Temporal was asked last and answered, RFC 3339. */
  readonly asOf: string;
}

export interface LaneFollowerOptions {
  readonly lanes: LaneListing;
  readonly joined: JoinedPipelines;
  readonly changes: Pick<ChangeFeed, 'append'>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Visibility answers some ten questions a second for a namespace, and others ask it, too. */
const changedIntervalMs = 2_000;
/** What has been terminated is in no list of changes. */
const fullIntervalMs = 300_000;
/** The same while lanes of older builds run, whose changes no list shows. */
const fullWithOldMs = 30_000;
/** Between two tries to list all, while Temporal is away. */
const fullRetryMs = 5_000;
/** Visibility is behind, and workers have clocks of their own. */
const overlapMs = 15_000;
/** Queries of lanes without a memo at once. */
const concurrentQueries = 4;

export class LaneFollower {
  readonly #options: LaneFollowerOptions;
  readonly #loops: readonly Repeating[];
  /** Lanes of older builds, whose state must be asked for. */
  readonly #unread = new Map<string, ListedLane>();
  #hasOld = false;
  #isFailing = false;
  #newest = 0;
  /** Its worker most probably has it in memory. */
  #newestLane: string | undefined;
  #listedAt = -Infinity;
  #triedAt = -Infinity;
  #asOf: number | undefined;
  readonly #watch: WorkerWatch;

  constructor(options: LaneFollowerOptions) {
    this.#options = options;
    this.#watch = new WorkerWatch({ ...options, newestLane: () => this.#newestLane });
    this.#loops = [
      repeat(changedIntervalMs, (stopping) => this.#look(stopping)),
      repeat(changedIntervalMs, () => this.#watch.look()),
    ];
  }

  /** Undefined: no list of all lanes was complete yet. */
  get freshness(): Freshness | undefined {
    if (this.#asOf === undefined) return undefined;
    return { asOf: new Date(this.#asOf).toISOString(), ...this.#watch.seen };
  }

  get workers(): WorkersSeen {
    return this.#watch.seen;
  }

  async close(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #look(stopping: AbortSignal): Promise<void> {
    const { now, log, lanes } = this.#options;
    const started = now();
    try {
      if (started - this.#listedAt >= (this.#hasOld ? fullWithOldMs : fullIntervalMs)) {
        if (started - this.#triedAt < fullRetryMs) return;
        this.#triedAt = started;
        await this.#listAll(stopping);
        this.#listedAt = started;
      } else {
        const since = this.#newest === 0 ? started : this.#newest;
        for await (const page of lanes.changedSince(since - overlapMs)) this.#take(page);
      }
      this.#asOf = started;
      if (this.#isFailing) log.info('Lanes can be listed again.');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        log.warn({ err: error }, 'Lanes cannot be listed: the API shows what it knew before.');
      this.#isFailing = true;
    }
    if (!stopping.aborted) await this.#readStates(stopping);
  }

  async #listAll(stopping: AbortSignal): Promise<void> {
    const { lanes, joined, now } = this.#options;
    const started = now();
    const seen = new Set<string>();
    for await (const page of lanes.running()) {
      if (stopping.aborted) return;
      this.#take(page);
      for (const { workflowId } of page) seen.add(workflowId);
    }
    // What changed while the list was read may be too new for it.
    joined.keepLanes(
      (view) => seen.has(laneId(view.pipeline, view.environment)) || view.changedAt > started - overlapMs,
    );
    for (const id of this.#unread.keys()) if (!seen.has(id)) this.#unread.delete(id);
    this.#hasOld = this.#unread.size > 0;
  }

  #take(page: readonly ListedLane[]): void {
    const views = page.flatMap((lane): LaneView[] => {
      if (lane.view === undefined) {
        this.#unread.set(lane.workflowId, lane);
        return [];
      }
      this.#unread.delete(lane.workflowId);
      const view = readLaneView(lane.view);
      return view !== undefined && isOf(lane, view) ? [view] : [];
    });
    const { now } = this.#options;
    for (const { changedAt, pipeline, environment } of views) {
      // A clock that is far ahead must not hide what others change.
      const at = Math.min(changedAt, now());
      if (at < this.#newest) continue;
      this.#newest = at;
      this.#newestLane = laneId(pipeline, environment);
    }
    this.#options.joined.putLanes(views);
  }

  async #readStates(stopping: AbortSignal): Promise<void> {
    if (this.#unread.size === 0 || this.#watch.seen.workers === 'silent') return;
    const left = [...this.#unread.values()];
    const ask = async (): Promise<void> => {
      for (let lane = left.pop(); lane !== undefined && !stopping.aborted; lane = left.pop()) {
        try {
          const state = await this.#options.lanes.state(lane.workflowId);
          this.#unread.delete(lane.workflowId);
          const view = readLaneView(laneView(state, lane.startedAt));
          if (view !== undefined && isOf(lane, view)) this.#options.joined.putLanes([view]);
        } catch (error) {
          this.#options.log.debug({ err: error, lane: lane.workflowId }, 'A lane cannot be asked');
          // No worker for it: they are asked again with the next look.
          left.length = 0;
        }
      }
    };
    await Promise.all(Array.from({ length: concurrentQueries }, ask));
  }
}

/** A workflow of the same type can have the memo of another. */
function isOf({ workflowId }: ListedLane, view: LaneView): boolean {
  return workflowId === laneId(view.pipeline, view.environment);
}
