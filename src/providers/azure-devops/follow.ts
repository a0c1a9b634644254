import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import {
  type BranchPair,
  type LatestPullRequest,
  type PullRequestChanges,
  type PullRequestProvider,
} from '../port';
import { changedStates } from '../rest/changed-states';
import { pagesOf } from '../rest/pages';
import { ApiRefusal } from '../rest/refusal';
import { type RestRequest } from '../rest/rest-client';
import { isNoPullRequest } from './errors';
import { isOwn, joins, nameOf, pullRequestOf, readPullRequest, refOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type AzurePullRequest, pullRequestsSchema } from './schema';

/** An item has some thousand characters, for lists cut descriptions: a page stays well within what an answer may have. */
const perPage = 500;
/** 5,000 open pull requests. */
const maxPages = 10;
/** Forks can use the branch's name, too; no repository has more of them than on so many pages. */
const maxPagesOfBranch = 5;
const perPageOfBranch = 20;

export function followOn(
  api: RepositoryApi,
): Pick<PullRequestProvider, 'changes' | 'latest' | 'conflicting'> {
  return {
    changes: async ({ numbers, seen = {} }, signal) => {
      const [only, ...others] = numbers;
      if (only === undefined) return { seen, states: [] };
      if (others.length === 0) return changedStates([await stateOf(api, only, signal)], seen.tag);
      return changesOfMany(api, numbers, seen.tag, signal);
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
    conflicting: async (numbers, signal) => {
      if (numbers.length === 0) return [];
      const open = await openOnes(api, numbers, signal);
      return numbers.filter((number) => open.get(number)?.mergeStatus === 'conflicts');
    },
  };
}

/** The open pull request at a commit. @throws WindlassError provider-unavailable where none is known to be */
export async function openAt(
  api: RepositoryApi,
  head: string,
  signal: AbortSignal,
): Promise<AzurePullRequest> {
  const list = { request: openList(api), schema: pullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPages, signal)) {
    const found = page.find((each) => isOwn(each) && each.lastMergeSourceCommit?.commitId === head);
    if (found !== undefined) return found;
  }
  throw notYetAt(api, 'a pull request', head);
}

export function notYetAt({ client }: RepositoryApi, what: string, head: string): WindlassError {
  const { host } = client.target;
  return new WindlassError('provider-unavailable', `${host} does not know ${what} at ${head} yet.`);
}

/**
 * Azure DevOps cannot be asked what changed: the open ones are listed, and what is no longer among them is read. A digest of
 * the answer tells the next time which ones may have changed, and what has ended is read once.
 */
async function changesOfMany(
  api: RepositoryApi,
  numbers: readonly number[],
  tag: string | undefined,
  signal: AbortSignal,
): Promise<PullRequestChanges> {
  const open = await openOnes(api, numbers, signal);
  const listed = numbers.map((number): PullRequestState => {
    const found = open.get(number);
    return found === undefined ? { number, state: 'closed' } : stateIn(found);
  });
  const changes = changedStates(listed, tag);
  const states: PullRequestState[] = [];
  for (const state of changes.states) {
    states.push(open.has(state.number) ? state : await stateOf(api, state.number, signal));
  }
  return { ...changes, states };
}

/** Those of the numbers that are open. */
async function openOnes(
  api: RepositoryApi,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, AzurePullRequest>> {
  const missing = new Set(numbers);
  const found = new Map<number, AzurePullRequest>();
  const list = { request: openList(api), schema: pullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPages, signal)) {
    for (const each of page) if (missing.delete(each.pullRequestId)) found.set(each.pullRequestId, each);
    if (missing.size === 0) break;
  }
  return found;
}

function openList({ git }: RepositoryApi): RestRequest {
  return git('GET', 'pullrequests', { 'searchCriteria.status': 'active', $top: perPage });
}

async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const request = api.git('GET', 'pullrequests', {
    ...searchFor(branches, 'all'),
    $top: perPageOfBranch,
  });
  const list = { request, schema: pullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPagesOfBranch, signal)) {
    const [listed] = page
      .filter((candidate) => joins(candidate, branches))
      .sort((left, right) => right.pullRequestId - left.pullRequestId);
    if (listed === undefined) continue;
    const found = await readPullRequest(api, listed.pullRequestId, signal);
    const head = found.lastMergeSourceCommit?.commitId;
    if (head === undefined) throw notYetAt(api, `!${found.pullRequestId}`, 'any commit');
    return { ...pullRequestOf(api, found), ...stateIn(found), head };
  }
  return undefined;
}

export function searchFor(
  { head, base }: BranchPair,
  status: 'active' | 'all',
): Readonly<Record<string, string>> {
  return {
    'searchCriteria.status': status,
    'searchCriteria.sourceRefName': refOf(head),
    'searchCriteria.targetRefName': refOf(base),
  };
}

async function stateOf(api: RepositoryApi, number: number, signal: AbortSignal): Promise<PullRequestState> {
  try {
    return stateIn(await readPullRequest(api, number, signal));
  } catch (error) {
    if (error instanceof ApiRefusal && isNoPullRequest(error)) return { number, state: 'closed' };
    throw error;
  }
}

function stateIn(found: AzurePullRequest): PullRequestState {
  const { pullRequestId: number, status, lastMergeSourceCommit, closedBy, closedDate } = found;
  const head = lastMergeSourceCommit?.commitId;
  const known = { number, ...(head === undefined ? {} : { head }) };
  if (status === 'active' || status === 'notSet') return { ...known, state: 'open' };
  const at = Date.parse(closedDate ?? '');
  return {
    ...known,
    state: status === 'completed' ? 'merged' : 'closed',
    ...(closedBy === undefined || closedBy === null ? {} : { by: nameOf(closedBy) }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}
