/** Whether workers live, and since when none does. */
import { type LaneListing } from '../temporal/listed-lanes';
import { pollMs } from '../temporal/polling-workers';
import { type ChangeFeed } from './change-feed';

export interface WorkersSeen {
  readonly workers: 'answering' | 'silent' | 'unknown';
  /** When one polled or answered last, RFC 3339; absent: none was seen. */
  readonly workersAt?: string;
}

export interface WorkerWatchOptions {
  readonly lanes: Pick<LaneListing, 'lastPoll' | 'answers'>;
  readonly changes: Pick<ChangeFeed, 'append'>;
  /** The lane to ask a worker for; undefined: there is none. */
  readonly newestLane: () => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Of workers that were just seen; in doubt, and while people wait for the first, each look counts. */
const intervalMs = 10_000;
/** A worker without work polls once a minute: one that has not polled for this time is asked. */
const recentMs = 15_000;
/** No worker that was asked has answered for so long: a restart, or one that is busy, is no reason to worry people. */
const silentMs = 30_000;

/**
 * Polls alone tell only after a minute that a worker has died. So a worker is asked for a lane: one that lives answers at once,
 * and writes nothing to the lane's history.
 */
export class WorkerWatch {
  readonly #options: WorkerWatchOptions;
  #workers: WorkersSeen['workers'] = 'unknown';
  #seenAt = -Infinity;
  #sureAt = -Infinity;

  constructor(options: WorkerWatchOptions) {
    this.#options = options;
  }

  get seen(): WorkersSeen {
    const at = this.#seenAt;
    return {
      workers: this.#workers,
      ...(Number.isFinite(at) ? { workersAt: new Date(at).toISOString() } : {}),
    };
  }

  /** To be called every few seconds; asks only when needed. */
  async look(): Promise<void> {
    const { now, changes } = this.#options;
    const before = this.#workers;
    if (now() - this.#sureAt < intervalMs) return;
    try {
      this.#workers = await this.#ask();
    } catch {
      this.#workers = 'unknown';
    }
    if (before !== this.#workers) changes.append('workers', this.seen);
  }

  async #ask(): Promise<'answering' | 'silent'> {
    const { lanes, now, newestLane } = this.#options;
    this.#seenAt = Math.max(this.#seenAt, Math.min((await lanes.lastPoll()) ?? -Infinity, now()));
    let limitMs = pollMs;
    if (now() - this.#seenAt >= recentMs) {
      const lane = newestLane();
      const answered = lane === undefined ? undefined : await lanes.answers(lane);
      if (answered === true) this.#seenAt = now();
      if (answered === false) limitMs = silentMs;
    }
    const ago = now() - this.#seenAt;
    if (ago < recentMs) this.#sureAt = now();
    return ago < limitMs ? 'answering' : 'silent';
  }
}
