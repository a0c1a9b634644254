import { type Gitea } from '../../test/support/gitea';
import { betweenPolls } from '../promotion-run';
import { type DemoPullRequest, type DemoService, type MovedBranch } from './demo-service';

export interface GiteaWatch {
  readonly listeners: Pick<DemoService, 'onPush' | 'onPullRequest' | 'onMerge'>;
  pullRequests(): Promise<readonly DemoPullRequest[]>;
  close(): Promise<void>;
}

interface FoundPullRequest {
  readonly number: number;
  readonly merged: boolean;
  readonly head: { readonly label: string; readonly sha: string };
}

/** Polls a repository, and tells what is new since it was called. */
export function watchGitea(gitea: Gitea, repository: string): GiteaWatch {
  const pushed = new Set<(moved: MovedBranch) => void>();
  const opened = new Set<(pullRequest: DemoPullRequest) => void>();
  const merged = new Set<(pullRequest: DemoPullRequest) => void>();
  const find = async (): Promise<readonly FoundPullRequest[]> =>
    (await gitea.request('GET', `repos/${repository}/pulls?state=all&limit=50`)) as FoundPullRequest[];
  const stop = new AbortController();
  let head: string | undefined;
  const known = new Map<number, FoundPullRequest>();

  const look = async (): Promise<void> => {
    const now = await gitea.head(repository, 'main');
    // Listeners hear of the merge before the push that it is: what follows from the push ends the promotion.
    for (const found of await find()) {
      const before = known.get(found.number);
      known.set(found.number, found);
      if (before === undefined) tell(opened, shown(found));
      if (found.merged && before?.merged !== true) tell(merged, shown(found));
    }
    if (head !== undefined && now !== head) tell(pushed, { repository, branch: 'main' });
    head = now;
  };
  const watching = (async () => {
    while (!stop.signal.aborted) {
      // A busy machine lets a request fail now and then; the next look sees the same.
      await look().catch(() => undefined);
      await betweenPolls();
    }
  })();
  return {
    listeners: {
      onPush: (listener) => subscribe(pushed, listener),
      onPullRequest: (listener) => subscribe(opened, listener),
      onMerge: (listener) => subscribe(merged, listener),
    },
    pullRequests: async () => (await find()).map(shown),
    close: async () => {
      stop.abort();
      await watching;
    },
  };
}

function shown({ number, head }: FoundPullRequest): DemoPullRequest {
  return { number, head: head.label, headSha: head.sha };
}

function tell<T>(listeners: ReadonlySet<(notice: T) => void>, notice: T): void {
  for (const listener of listeners) listener(notice);
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
