/** Applies the server's events to what is kept of its answers. */
import { type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
import {
  type EnvironmentChange,
  patchPages,
  type PipelinePage,
  withoutPipeline,
  wouldShow,
} from './pipeline-list-pages';
import { listOf, pipelineCountKey, pipelinesKey } from './pipeline-list';

/** In a storm of events, pages are drawn so often. */
const drawMs = 250;
/** And lists and counts are read again so often at most, where an event does not say enough. */
const readListsMs = 3_000;
const readCountsMs = 5_000;

interface Place {
  readonly namespace: string;
  readonly pipeline: string;
}

export interface LiveCache {
  environment(change: EnvironmentChange): void;
  removed(place: Place): void;
  /** A freeze was made or has ended. */
  freezes(): void;
  /** What was missed is not known. */
  reset(): void;
  stop(): void;
}

export function createLiveCache(client: QueryClient): LiveCache {
  /** By environment: the last change of each. */
  let changes = new Map<string, EnvironmentChange>();
  let areListsOld = false;
  const draw = trailing(drawMs, () => {
    const batch = [...changes.values()];
    changes = new Map();
    if (patchLists(client, batch)) areListsOld = true;
    if (areListsOld) readLists.soon();
    // A list that is being read may have been answered before these events.
    if (isReading(client)) {
      for (const change of batch) changes.set(keyOf(change), changes.get(keyOf(change)) ?? change);
      draw.soon();
      return;
    }
    for (const place of new Map(batch.map((each) => [`${each.namespace}/${each.pipeline}`, each])).values())
      readPages(client, place);
  });
  const readLists = trailing(readListsMs, () => {
    if (isReading(client)) {
      readLists.soon();
      return;
    }
    areListsOld = false;
    void client.invalidateQueries({ queryKey: [pipelinesKey] });
  });
  const readCounts = trailing(readCountsMs, () =>
    client.invalidateQueries({ queryKey: [pipelineCountKey] }, { cancelRefetch: false }),
  );
  return {
    environment(change) {
      changes.set(keyOf(change), change);
      draw.soon();
      readCounts.soon();
    },
    removed(place) {
      changeLists(client, (pages) => withoutPipeline(pages, place));
      readPages(client, place);
      readCounts.soon();
    },
    freezes() {
      for (const queryKey of [['freezes'], ['pipeline']]) void client.invalidateQueries({ queryKey });
    },
    reset: () => void client.invalidateQueries(),
    stop() {
      for (const each of [draw, readLists, readCounts]) each.stop();
    },
  };
}

const keyOf = ({ namespace, pipeline, environment }: EnvironmentChange): string =>
  `${namespace}/${pipeline}/${environment.name}`;

const isReading = (client: QueryClient): boolean => client.isFetching({ queryKey: [pipelinesKey] }) > 0;

/** @returns whether some list must be read again */
function patchLists(client: QueryClient, batch: readonly EnvironmentChange[]): boolean {
  let mustRead = false;
  changeLists(client, (pages, key) => {
    const { query, followsEvents } = listOf(key);
    const { pages: patched, isOutdated, others } = patchPages(pages, batch);
    // Where events decide who is in the list, each can.
    mustRead ||= followsEvents || isOutdated || others.some((place) => wouldShow(pages, query, place));
    return patched;
  });
  return mustRead;
}

function changeLists(
  client: QueryClient,
  change: (pages: readonly PipelinePage[], key: QueryKey) => readonly PipelinePage[],
): void {
  for (const [key, data] of client.getQueriesData<InfiniteData<PipelinePage>>({ queryKey: [pipelinesKey] })) {
    if (data === undefined) continue;
    const pages = change(data.pages, key);
    if (pages === data.pages) continue;
    const { dataUpdatedAt } = client.getQueryState(key) ?? {};
    // It is not a new answer: what no event describes stays as old as it was.
    client.setQueryData(
      key,
      { ...data, pages },
      dataUpdatedAt === undefined ? {} : { updatedAt: dataUpdatedAt },
    );
  }
}

/** What shows this Pipeline alone. */
function readPages(client: QueryClient, { namespace, pipeline }: Place): void {
  for (const page of ['pipeline', 'promotion']) {
    void client.invalidateQueries({ queryKey: [page, namespace, pipeline] });
  }
}

/** Runs work once, `ms` after the first time that it was asked for. */
function trailing(ms: number, work: () => unknown): { soon(): void; stop(): void } {
  let timer: number | undefined;
  return {
    soon() {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        work();
      }, ms);
    },
    stop() {
      window.clearTimeout(timer);
    },
  };
}
