import { type KubeConfig } from '@kubernetes/client-node';
import { type ApiObject, readList, readWatchEvent, type WatchEvent } from './api-answers';
import { openAnswer, readLines, readWhole } from './api-connection';
import { UnexpectedAnswer } from './api-failure';

/** Objects of one kind at a path of the API server. */
export interface Collection {
  readonly kubeConfig: KubeConfig;
  readonly path: string;
}

/** Keeps a page of the largest objects that etcd stores (1.5 MiB) below `maxPageBytes`. */
const pageLength = 50;
const maxPageBytes = 100 * 1024 * 1024;
const maxEventBytes = 8 * 1024 * 1024;
/** Above this number, the list is considered endless. */
const maxObjects = 100_000;

const pageTimeoutMs = 30_000;
/** Longer than an API server waits for its watch cache (3 s). */
const watchOpenTimeoutMs = 15_000;
/** A new watch costs little and can move to another, better API server. */
const watchSeconds = { shortest: 240, longest: 360 };
/** The time after which a watch that the API server should have ended is considered dead. */
const watchGraceSeconds = 30;

/**
 * Passes all objects on, page by page, without keeping them.
 * @returns the version from which a watch continues
 * @throws ApiRefusal, UnexpectedAnswer, or the connection's error
 */
export async function listAll(
  { kubeConfig, path }: Collection,
  signal: AbortSignal,
  take: (object: ApiObject) => void,
): Promise<string> {
  let next: string | undefined;
  let count = 0;
  for (;;) {
    const answer = await openAnswer(kubeConfig, {
      path,
      query: { limit: String(pageLength), ...(next === undefined ? {} : { continue: next }) },
      headTimeoutMs: pageTimeoutMs,
      signal: AbortSignal.any([signal, AbortSignal.timeout(2 * pageTimeoutMs)]),
    });
    const page = readList((await readWhole(answer, maxPageBytes)).toString('utf8'));
    page.objects.forEach(take);
    count += page.objects.length;
    if (page.next === undefined) return page.version;
    if (page.next === next || count > maxObjects) throw new UnexpectedAnswer('a list that does not end');
    next = page.next;
  }
}

/**
 * Yields the events after `version` until the API server ends the watch.
 * @param opened called when the API server has accepted the watch
 * @throws ApiRefusal (410: the version has expired), UnexpectedAnswer, or the connection's error
 */
export async function* watchFrom(
  { kubeConfig, path }: Collection,
  version: string,
  signal: AbortSignal,
  opened: () => void,
): AsyncGenerator<WatchEvent> {
  const { shortest, longest } = watchSeconds;
  const seconds = Math.round(shortest + Math.random() * (longest - shortest));
  const over = AbortSignal.timeout((seconds + watchGraceSeconds) * 1_000);
  const answer = await openAnswer(kubeConfig, {
    path,
    query: {
      watch: 'true',
      resourceVersion: version,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(seconds),
    },
    headTimeoutMs: watchOpenTimeoutMs,
    signal: AbortSignal.any([signal, over]),
  });
  opened();
  for await (const line of readLines(answer, maxEventBytes)) yield readWatchEvent(line);
}
