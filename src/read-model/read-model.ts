/** What the API lists, in memory: Pipelines of the store joined with lanes of Temporal, a few seconds old at most. */
import { type Logger } from 'pino';
import { type LaneView } from '../domain/lane/lane-view';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { type PipelinesQuery, type PipelineSummary } from '../operator/schemas/pipelines';
import { type IndexedPipelineStore } from '../store/pipeline-store';
import { type LaneListing } from '../temporal/listed-lanes';
import { ChangeFeed } from './change-feed';
import { FreezeWatch } from './freeze-watch';
import { type Freshness, LaneFollower } from './lane-follower';
import { type JoinedPipeline, JoinedPipelines } from './joined-pipelines';
import { type Selection, selectPipelines } from './select-pipelines';
import { repeat } from './repeat';
import { type WorkersSeen } from './worker-watch';

/** Nothing can be listed yet: the message says what has not been read. */
export class NotReadYet extends Error {
  override readonly name = 'NotReadYet';
}

export interface ReadModelOptions {
  readonly store: Pick<IndexedPipelineStore, 'list' | 'freezes'>;
  readonly lanes: LaneListing;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface ReadModel {
  readonly changes: ChangeFeed;
  /** @throws NotReadYet */
  freshness(): Freshness;
  /** Whether a worker answers; `unknown` until it is known. */
  workers(): WorkersSeen;
  /** @param sees what of it the caller may get @throws NotReadYet, InvalidCursor */
  pipelines(query: PipelinesQuery, sees: (ref: PipelineRef) => boolean): Selection;
  /** @throws NotReadYet */
  pipeline(ref: PipelineRef): JoinedPipeline | undefined;
  /** All of them. @throws NotReadYet */
  all(): Iterable<JoinedPipeline>;
  /** The lanes that run, also those of Pipelines that have gone. @throws NotReadYet */
  lanes(): Iterable<LaneView>;
  /** @throws NotReadYet */
  lane(ref: PipelineRef, environment: string): LaneView | undefined;
  /** Namespaces with a Pipeline or a lane. @throws NotReadYet */
  namespaces(): ReadonlySet<string>;
  close(): Promise<void>;
}

/** To compare thousands of Pipelines with the known ones takes a millisecond. */
const storeIntervalMs = 1_000;

/** Begins to read at once, and again and again until it is closed. */
export function openReadModel({ store, lanes, log, now = Date.now }: ReadModelOptions): ReadModel {
  const changes = new ChangeFeed(String(now()));
  const joined = new JoinedPipelines(changes);
  const follower = new LaneFollower({ lanes, joined, changes, log, now });
  let storeRead = false;
  const reading = repeat(storeIntervalMs, () => {
    try {
      joined.putPipelines(store.list());
      storeRead = true;
    } catch (error) {
      // The store logs why. What was read before stays.
      log.debug({ err: error }, 'Pipelines cannot be listed');
    }
    return Promise.resolve();
  });
  const freezes = new FreezeWatch({
    store,
    changes,
    namespaces: () => new Set(Array.from(joined.summaries(), ({ namespace }) => namespace)),
    now,
  });
  const watchingFreezes = repeat(storeIntervalMs, () =>
    freezes.look().catch((error: unknown) => log.debug({ err: error }, 'Freezes cannot be listed')),
  );
  const requireRead = (): Freshness => {
    if (!storeRead) throw new NotReadYet('The Pipelines have not been read yet. Retry.');
    const { freshness } = follower;
    if (freshness === undefined) {
      throw new NotReadYet('Temporal has not answered yet, so no lane is known. Retry.');
    }
    return freshness;
  };
  return {
    changes,
    freshness: requireRead,
    workers: () => follower.workers,
    pipelines(query, sees) {
      requireRead();
      return selectPipelines(filtered(joined.summaries(), sees), query);
    },
    pipeline(ref) {
      requireRead();
      return joined.get(ref);
    },
    all() {
      requireRead();
      return joined.all();
    },
    lanes() {
      requireRead();
      return joined.lanes();
    },
    lane(ref, environment) {
      requireRead();
      return joined.lane(ref, environment);
    },
    namespaces() {
      requireRead();
      const names = new Set<string>();
      for (const { namespace } of joined.summaries()) names.add(namespace);
      for (const { pipeline } of joined.lanes()) names.add(pipeline.namespace);
      return names;
    },
    async close() {
      await Promise.all([reading.stop(), watchingFreezes.stop(), follower.close()]);
    },
  };
}

function* filtered(
  summaries: Iterable<PipelineSummary>,
  sees: (ref: PipelineRef) => boolean,
): Generator<PipelineSummary> {
  for (const summary of summaries) if (sees(summary)) yield summary;
}
