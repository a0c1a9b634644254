import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedStates } from '../rest/changed-states';
import { inTurn } from '../rest/in-turn';
import { pagesOf } from '../rest/pages';
import { isNoPullRequest, isRefusedFor } from './errors';
import { joins, outOf, pullRequestOf, readPullRequest, stateOf, withoutExtras } from './pull-request';
import { type RepositoryApi } from './repository-api';
import {
  activitiesSchema,
  type BitbucketPullRequest,
  mergeabilitySchema,
  pullRequestsSchema,
} from './schema';

/** As many as Bitbucket gives at once, unless its administrator says otherwise. */
const perPage = '100';
/** 3,000 open pull requests: the rest is read by number. */
const maxPages = 30;
/** A promotion branch is in a new pull request for each version. */
const maxPagesOfBranch = 5;
/** Comments can follow the end of a pull request. */
const maxPagesOfActivities = 5;

export function followOn(
  api: RepositoryApi,
): Pick<PullRequestProvider, 'changes' | 'latest' | 'conflicting'> {
  return {
    /**
     * Bitbucket has no conditional requests for lists, and does not promise that a push changes the date by which a list could
     * be ordered: the open pull requests are listed, and compared with what was seen.
     */
    changes: async ({ numbers, seen = {} }, signal) => {
      if (numbers.length === 0) return { seen, states: [] };
      const changes = changedStates(await statesOf(api, numbers, signal), seen.tag);
      return { ...changes, states: await inTurn(changes.states, (state) => withActor(api, state, signal)) };
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
    conflicting: async (numbers, signal) => {
      const found = await inTurn(numbers, async (number) =>
        (await isConflicted(api, number, signal)) ? [number] : [],
      );
      return found.flat();
    },
  };
}

async function statesOf(
  api: RepositoryApi,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<readonly PullRequestState[]> {
  const { client, route } = api;
  const missing = new Set(numbers);
  const found = new Map<number, PullRequestState>();
  // One is read as cheaply as the list in which it may not be.
  if (missing.size > 1) {
    const query = { state: 'OPEN', order: 'NEWEST', limit: perPage, ...withoutExtras };
    const list = { request: route('GET', 'pull-requests', { query }), schema: pullRequestsSchema };
    let pages = 0;
    for await (const page of pagesOf(client, list, maxPages, signal)) {
      pages++;
      for (const each of page) if (missing.delete(each.id)) found.set(each.id, stateOf(each));
      // Reading the rest by number costs no more than the pages so far.
      if (missing.size <= pages) break;
    }
  }
  for (const number of missing) found.set(number, await stateByNumber(api, number, signal));
  return [...found.values()];
}

async function stateByNumber(
  api: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<PullRequestState> {
  try {
    return stateOf(await readPullRequest(api, number, signal));
  } catch (error) {
    if (isNoPullRequest(error)) return { number, state: 'closed' };
    throw error;
  }
}

async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const request = outOf(api, branches.head, { state: 'ALL', limit: perPage });
  let newest: BitbucketPullRequest | undefined;
  // Not the first one: the list may be in the order of their last changes.
  const list = { request, schema: pullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPagesOfBranch, signal)) {
    for (const each of page) if (joins(each, branches, api) && each.id > (newest?.id ?? 0)) newest = each;
  }
  if (newest === undefined) return undefined;
  const state = await withActor(api, stateOf(newest), signal);
  return { ...pullRequestOf(newest), ...state, head: newest.fromRef.latestCommit };
}

/** Who ended a pull request, only its activities say; the last end is the first one that they name. */
async function withActor(
  { client, route }: RepositoryApi,
  state: PullRequestState,
  signal: AbortSignal,
): Promise<PullRequestState> {
  if (state.state === 'open' || state.head === undefined) return state;
  const path = `pull-requests/${state.number}/activities`;
  const list = { request: route('GET', path, { query: { limit: perPage } }), schema: activitiesSchema };
  const end = state.state === 'merged' ? 'MERGED' : 'DECLINED';
  for await (const page of pagesOf(client, list, maxPagesOfActivities, signal)) {
    const found = page.find(({ action }) => action === end);
    if (found !== undefined) return found.user === undefined ? state : { ...state, by: found.user.name };
  }
  return state;
}

/** Bitbucket tries the merge when it is asked; of one that is not open, it does not. */
async function isConflicted(
  { client, route }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const asked = route('GET', `pull-requests/${number}/merge`);
    return (await client.request(mergeabilitySchema, asked, signal)).conflicted;
  } catch (error) {
    if (isNoPullRequest(error) || isRefusedFor(error, 'IllegalPullRequestStateException')) return false;
    throw error;
  }
}
