import { type KubeConfig } from '@kubernetes/client-node';
import { type ApiObject, readList, readWatchEvent, type WatchEvent } from './api-answers';
import { openAnswer, readLines, readWhole } from './api-connection';
import { OddAnswer } from './api-failure';

/** Objects of one kind, as the API server has them by a path. */
export interface Collection {
  readonly kubeConfig: KubeConfig;
  readonly path: string;
}

/** Small enough for a page of the largest objects that etcd takes (1.5 MiB) to stay below `maxPageBytes`. */
const pageLength = 50;
const maxPageBytes = 100 * 1024 * 1024;
const maxEventBytes = 8 * 1024 * 1024;
/** More than this is no collection but a server that never ends. */
const maxObjects = 100_000;

const pageTimeoutMs = 30_000;
/** Longer than an API server waits for its watch cache to catch up (3 s). */
const watchOpenTimeoutMs = 15_000;
/** A new watch costs little and moves to another API server, if there is a better one now. */
const watchSeconds = { shortest: 240, longest: 360 };
/** After which a watch is taken for dead that the API server should have ended. */
const watchGraceSeconds = 30;

/**
 * Hands over all objects, page by page: an object is not kept here.
 * @returns the version that a watch goes on from
 * @throws ApiRefusal, OddAnswer, or the connection's error
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
    if (page.next === next || count > maxObjects) throw new OddAnswer('a list that does not end');
    next = page.next;
  }
}

/**
 * What happened after `version`, as it happens, until the API server ends the watch.
 * @param opened called when the API server has agreed
 * @throws ApiRefusal (410: the version is forgotten), OddAnswer, or the connection's error
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
