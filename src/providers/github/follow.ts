import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests } from '../rest/changed-pull-requests';
import { inTurn } from '../rest/in-turn';
import { listedPage, pagesOf } from '../rest/pages';
import { type RestRequest } from '../rest/rest-client';
import { unlessRefused } from '../rest/unless-refused';
import { joins, pullRequestOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import {
  closedIssueSchema,
  type GithubListedPullRequest,
  type GithubSinglePullRequest,
  listedPullRequestsSchema,
  singlePullRequestSchema,
} from './schema';

/** Below 100, so that a page of the longest bodies stays within what an answer may have. */
const perPage = 30;
/** Each that has ended takes a request; one look must not take all that a token has. */
const maxEnded = 30;
/** Forks of the same owner can use the branch's name, too; no repository has more of them than on so many pages. */
const maxPagesOfBranch = 5;

export function followOn(
  api: RepositoryApi,
): Pick<PullRequestProvider, 'changes' | 'latest' | 'conflicting'> {
  return {
    changes: async (asked, signal) => {
      const list = {
        request: newestFirst(api, { sort: 'updated' }),
        schema: listedPullRequestsSchema,
        state: (each: GithubListedPullRequest) => ({ state: listedState(each), updatedAt: each.updated_at }),
      };
      const changed = await changedPullRequests(
        {
          newest: (_since, tag) => listedPage(api.client, list, signal, tag),
          read: (numbers) => inTurn(numbers, (number) => stateOf(api, number, signal)),
        },
        asked,
      );
      // What is left out is seen at the next look, because it is not said to be seen. Open ones are free.
      const ended = changed.states.filter(({ state }) => state !== 'open');
      const later = new Set(ended.slice(maxEnded));
      const { seen } = later.size > 0 ? { seen: asked.seen ?? {} } : changed;
      const states = changed.states.filter((each) => !later.has(each));
      return { seen, states: await inTurn(states, (state) => withEnd(api, state, signal)) };
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
    conflicting: async (numbers, signal) => {
      const found = await inTurn(numbers, (number) => single(api, number, signal));
      return found.flatMap((each) =>
        each?.state === 'open' && each.mergeable === false ? [each.number] : [],
      );
    },
  };
}

function newestFirst(
  { route, name }: RepositoryApi,
  filter: { readonly sort: 'updated' | 'created'; readonly head?: string; readonly base?: string },
): RestRequest {
  const newest = { state: 'all', direction: 'desc', per_page: perPage } as const;
  return route('GET /repos/{owner}/{repo}/pulls', { ...name, ...newest, ...filter });
}

async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const { head, base } = branches;
  const request = newestFirst(api, { sort: 'created', head: `${api.name.owner}:${head}`, base });
  const list = { request, schema: listedPullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPagesOfBranch, signal)) {
    const found = page.find((candidate) => joins(candidate, branches));
    if (found === undefined) continue;
    const state = await withEnd(api, listedState(found), signal);
    return { ...pullRequestOf(found), ...state, head: found.head.sha };
  }
  return undefined;
}

async function stateOf(api: RepositoryApi, number: number, signal: AbortSignal): Promise<PullRequestState> {
  const found = await single(api, number, signal);
  return found === undefined ? { number, state: 'closed' } : by(listedState(found), found.merged_by);
}

/** @returns undefined where there is none; whether the repository is there, its list says */
async function single(
  { route, name, client }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<GithubSinglePullRequest | undefined> {
  const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number });
  return unlessRefused(['repository-not-found'], client.request(singlePullRequestSchema, get, signal));
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
  api: RepositoryApi,
  state: PullRequestState,
  signal: AbortSignal,
): Promise<PullRequestState> {
  const { number } = state;
  if (state.state === 'open' || state.head === undefined || state.by !== undefined) return state;
  if (state.state === 'merged') return by(state, (await single(api, number, signal))?.merged_by);
  const { route, name, client } = api;
  const get = route('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...name, issue_number: number });
  // A token may see pull requests and no issues: who closed it stays unknown.
  const noIssue = ['repository-not-found', 'forbidden'] as const;
  const issue = await unlessRefused(noIssue, client.request(closedIssueSchema, get, signal));
  return by(state, issue?.closed_by);
}

function by(state: PullRequestState, user: { readonly login: string } | null | undefined): PullRequestState {
  return user === null || user === undefined ? state : { ...state, by: user.login };
}
