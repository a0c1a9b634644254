import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests } from '../rest/changed-pull-requests';
import { listedPageUnlessSame, pagesOf } from '../rest/pages';
import { unlessRefused } from '../rest/unless-refused';
import { isRetired } from './open';
import { joins, pullRequestOf, stateOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import {
  type GiteaPullRequest,
  pullRequestSchema,
  pullRequestsSchema,
  referencesSchema,
  timelineSchema,
} from './schema';

/** Pages of all pull requests into a branch, on which the newest of a promotion branch is: of the last 2,500. */
const maxPagesOfBase = 50;

export function followOn(api: RepositoryApi): Pick<PullRequestProvider, 'changes' | 'latest'> {
  return {
    changes: async (asked, signal) => {
      const list = {
        request: api.list('pulls', { state: 'all', sort: 'recentupdate' }),
        schema: pullRequestsSchema,
        state: (each: GiteaPullRequest) => ({ state: stateOf(each), updatedAt: each.updated_at }),
      };
      const changes = await changedPullRequests(
        {
          newest: (_since, tag) => listedPageUnlessSame(api.client, list, signal, tag),
          read: async (numbers) => {
            const states: PullRequestState[] = [];
            for (const number of numbers) states.push(await readState(api, number, signal));
            return states;
          },
        },
        asked,
      );
      const states: PullRequestState[] = [];
      for (const state of changes.states) states.push(await withPerson(api, state, signal));
      return { ...changes, states };
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
  };
}

async function readState(api: RepositoryApi, number: number, signal: AbortSignal): Promise<PullRequestState> {
  const get = api.client.request(pullRequestSchema, api.at('GET', `pulls/${number}`), signal);
  // Whether the repository is there, its list has said.
  const found = await unlessRefused(['repository-not-found'], get);
  if (found === undefined) return { number, state: 'closed' };
  const { head, ...state } = stateOf(found);
  if (state.state === 'open') return head === undefined ? state : { ...state, head };
  const kept = await keptHead(api, number, signal);
  return kept === undefined ? state : { ...state, head: kept };
}

/** Where an ended pull request was: its branch may be another promotion's by now. */
async function keptHead(
  api: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const get = api.client.request(referencesSchema, api.at('GET', `git/refs/pull/${number}/head`), signal);
  const references = await unlessRefused(['repository-not-found'], get);
  return references?.find(({ ref }) => ref === `refs/pull/${number}/head`)?.object.sha;
}

/** Who ended it: of one that was closed, only the timeline says so, and of one that was merged, no list does. */
async function withPerson(
  { client, list }: RepositoryApi,
  state: PullRequestState,
  signal: AbortSignal,
): Promise<PullRequestState> {
  if (state.state === 'open' || state.at === undefined || state.by !== undefined) return state;
  const type = state.state === 'merged' ? 'merge_pull' : 'close';
  // Times are in whole seconds.
  const since = new Date(state.at - 1_000).toISOString();
  const events = await client.request(
    timelineSchema,
    list(`issues/${state.number}/timeline`, { since }),
    signal,
  );
  const by = (events ?? []).findLast((event) => event?.type === type)?.user?.login;
  return by === undefined ? state : { ...state, by };
}

/** Gitea cannot list by head. `pulls/{base}/{head}` gives any one of them, which says at least whether there is one. */
async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const { head, base } = branches;
  const path = `pulls/${encodeURIComponent(base)}/${encodeURIComponent(head)}`;
  const any = await unlessRefused(
    ['repository-not-found'],
    api.client.request(pullRequestSchema, api.at('GET', path), signal),
  );
  const request = api.list('pulls', { state: 'all', base_branch: base, sort: 'newest' });
  for await (const page of pagesOf(
    api.client,
    { request, schema: pullRequestsSchema },
    maxPagesOfBase,
    signal,
  )) {
    const found = page.find((candidate) => joins(candidate, branches) && !isRetired(candidate));
    if (found !== undefined) return latest(api, found, signal);
    // Also asks the repository once where it has none: a missing one is 404, too.
    if (any === undefined) return undefined;
  }
  return undefined;
}

async function latest(
  api: RepositoryApi,
  found: GiteaPullRequest,
  signal: AbortSignal,
): Promise<LatestPullRequest> {
  const { head, ...state } = await withPerson(api, stateOf(found), signal);
  if (head !== undefined) return { ...pullRequestOf(found), ...state, head };
  const { host } = api.client.target;
  throw new WindlassError(
    'provider-unavailable',
    `${host} does not say which commit #${found.number} is at.`,
  );
}
