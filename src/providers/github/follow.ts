import { type FailureCode } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests, type ListedPage } from '../rest/changed-pull-requests';
import { ApiRefusal } from '../rest/refusal';
import { type RestRequest } from '../rest/rest-client';
import { joins, pullRequestOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import {
  closedIssueSchema,
  type GithubListedPullRequest,
  listedPullRequestsSchema,
  mergedPullRequestSchema,
} from './schema';

/** Below 100, so that a page of the longest bodies stays within what an answer may have. */
const perPage = 30;
/** Forks of the same owner can use the branch's name, too; no repository has more of them than on so many pages. */
const maxPagesOfBranch = 5;

export function followOn(api: RepositoryApi): Pick<PullRequestProvider, 'changes' | 'latest'> {
  return {
    changes: async (asked, signal) => {
      const newest = newestFirst(api, { sort: 'updated' });
      const changes = await changedPullRequests(
        {
          newest: (_since, tag) => listed(api, newest, signal, tag),
          read: (numbers) => inTurn(numbers, (number) => stateOf(api, number, signal)),
        },
        asked,
      );
      return { ...changes, states: await inTurn(changes.states, (state) => withEnd(api, state, signal)) };
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
  };
}

function newestFirst(
  { route, name }: RepositoryApi,
  filter: { readonly sort: 'updated' | 'created'; readonly head?: string; readonly base?: string },
): RestRequest {
  const newest = { state: 'all', direction: 'desc', per_page: perPage } as const;
  return route('GET /repos/{owner}/{repo}/pulls', { ...name, ...newest, ...filter });
}

async function listed(
  api: RepositoryApi,
  request: RestRequest,
  signal: AbortSignal,
  tag?: string,
): Promise<ListedPage | undefined> {
  const page = await api.client.page(request, signal, tag);
  if (page === undefined) return undefined;
  const { next } = page;
  return {
    listed: api.client.parse(listedPullRequestsSchema, page.items).map((each) => ({
      state: listedState(each),
      updatedAt: each.updated_at,
    })),
    ...(page.tag === undefined ? {} : { tag: page.tag }),
    ...(next === undefined ? {} : { next: async () => (await listed(api, next, signal)) ?? { listed: [] } }),
  };
}

async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const { head, base } = branches;
  let request: RestRequest | undefined = newestFirst(api, {
    ...{ sort: 'created', head: `${api.name.owner}:${head}`, base },
  });
  for (let pages = 0; request !== undefined && pages < maxPagesOfBranch; pages++) {
    const page = await api.client.page(request, signal);
    const each = api.client.parse(listedPullRequestsSchema, page?.items ?? []);
    const found = each.find((candidate) => joins(candidate, branches));
    if (found !== undefined) {
      const state = await withEnd(api, listedState(found), signal);
      return { ...pullRequestOf(found), ...state, head: found.head.sha };
    }
    request = page?.next;
  }
  return undefined;
}

async function stateOf(api: RepositoryApi, number: number, signal: AbortSignal): Promise<PullRequestState> {
  const { route, name, client } = api;
  const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number });
  const found = await unless(['repository-not-found'], client.request(mergedPullRequestSchema, get, signal));
  return found === undefined ? { number, state: 'closed' } : by(listedState(found), found.merged_by);
}

function listedState({
  number,
  state,
  merged_at,
  closed_at,
  head,
}: GithubListedPullRequest): PullRequestState {
  if (state === 'open') return { number, state, head: head.sha };
  const end = Date.parse(merged_at ?? closed_at ?? '');
  return {
    number,
    state: merged_at === null ? 'closed' : 'merged',
    head: head.sha,
    ...(Number.isNaN(end) ? {} : { at: end }),
  };
}

/** Lists do not say who ended a pull request, nor does GitHub say in one place who merged and who closed. */
async function withEnd(
  { route, name, client }: RepositoryApi,
  state: PullRequestState,
  signal: AbortSignal,
): Promise<PullRequestState> {
  const { number } = state;
  if (state.state === 'open' || state.head === undefined || state.by !== undefined) return state;
  if (state.state === 'merged') {
    const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number });
    return by(state, (await client.request(mergedPullRequestSchema, get, signal)).merged_by);
  }
  const get = route('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...name, issue_number: number });
  // A token may see pull requests and no issues: who closed it stays unknown.
  const noIssue = ['repository-not-found', 'forbidden'] as const;
  const issue = await unless(noIssue, client.request(closedIssueSchema, get, signal));
  return by(state, issue?.closed_by);
}

function by(state: PullRequestState, user: { readonly login: string } | null | undefined): PullRequestState {
  return user === null || user === undefined ? state : { ...state, by: user.login };
}

/** The repository itself is there, since its list was answered before. */
async function unless<T>(codes: readonly FailureCode[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal && codes.includes(error.code)) return undefined;
    throw error;
  }
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
