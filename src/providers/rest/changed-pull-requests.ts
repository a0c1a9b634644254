import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type PullRequestChanges, type SeenPullRequests } from '../port';

/** A pull request in a list. */
export interface ListedPullRequest {
  readonly state: PullRequestState;
  /** As the service writes it. */
  readonly updatedAt: string;
}

export interface ListedPage {
  readonly listed: readonly ListedPullRequest[];
  readonly tag?: string;
  readonly next?: () => Promise<ListedPage>;
}

/** A service's ways to say the states of pull requests. */
export interface PullRequestLists {
  /**
   * The first page of all pull requests, the last changed first.
   * @param since which changes are enough, as the service writes times
   * @returns undefined: the answer is still the one with this tag
   */
  newest(since: string | undefined, tag: string | undefined): Promise<ListedPage | undefined>;
  /** Pull requests by their numbers; one that is not there is closed. */
  read(numbers: readonly number[]): Promise<readonly PullRequestState[]>;
}

/** As many pages are read before the rest is read by number: 500 pull requests are on fewer. */
const maxPages = 20;
/** A change can become visible after a later one did, where a service has replicas. */
const overlapMs = 60_000;

/** The rule of `PullRequestProvider.changes`, for every service. */
export async function changedPullRequests(
  lists: PullRequestLists,
  { numbers, seen = {} }: { readonly numbers: readonly number[]; readonly seen?: SeenPullRequests },
): Promise<PullRequestChanges> {
  if (numbers.length === 0) return { seen, states: [] };
  const since = seen.updatedAt === undefined ? undefined : timeBefore(seen.updatedAt);
  const first = await lists.newest(since, since === undefined ? undefined : seen.tag);
  if (first === undefined) return { seen, states: [] };

  const missing = new Set(numbers);
  const states: PullRequestState[] = [];
  let reachesBack = false;
  let page = first;
  for (let pages = 1; ; pages++) {
    for (const { state, updatedAt } of page.listed) {
      reachesBack ||= since !== undefined && Date.parse(updatedAt) < Date.parse(since);
      if (!reachesBack && missing.delete(state.number)) states.push(state);
    }
    reachesBack ||= since !== undefined && page.next === undefined;
    // Reading the rest by number costs no more than the pages so far.
    if (reachesBack || page.next === undefined || missing.size <= pages || pages === maxPages) break;
    page = await page.next();
  }
  if (!reachesBack && missing.size > 0) states.push(...(await lists.read([...missing])));
  return { seen: seenIn(first, seen), states };
}

function seenIn({ listed: [newest], tag }: ListedPage, before: SeenPullRequests): SeenPullRequests {
  const updatedAt = newest?.updatedAt ?? before.updatedAt;
  return { ...(tag === undefined ? {} : { tag }), ...(updatedAt === undefined ? {} : { updatedAt }) };
}

/** @returns undefined if it is not a time, as in a damaged history */
function timeBefore(updatedAt: string): string | undefined {
  const time = Date.parse(updatedAt);
  return Number.isNaN(time) ? undefined : new Date(time - overlapMs).toISOString();
}
