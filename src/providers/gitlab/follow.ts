import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests, type ListedPage } from '../rest/changed-pull-requests';
import { type RestRequest } from '../rest/rest-client';
import { joins, pullRequestOf } from './merge-request';
import { type ProjectApi } from './project-api';
import { type GitlabEndedMergeRequest, endedMergeRequestsSchema } from './schema';

/** Also how many are asked for by number at once: the URL stays short. */
const perPage = 50;
/** Forks can use the branch's name, too; no project has more of them than on so many pages. */
const maxPagesOfBranch = 5;

export function followOn(api: ProjectApi): Pick<PullRequestProvider, 'changes' | 'latest'> {
  return {
    changes: (asked, signal) =>
      changedPullRequests(
        {
          newest: (since, tag) => {
            const changed = since === undefined ? {} : { updated_after: since };
            return listed(api, mergeRequests(api, { ...newestFirst('updated_at'), ...changed }), signal, tag);
          },
          read: (numbers) => read(api, numbers, signal),
        },
        asked,
      ),
    latest: (branches, signal) => latestOf(api, branches, signal),
  };
}

function mergeRequests({ get }: ProjectApi, query: Readonly<Record<string, string>>): RestRequest {
  return get('merge_requests', { scope: 'all', state: 'all', per_page: String(perPage), ...query });
}

function newestFirst(orderBy: 'updated_at' | 'created_at'): Readonly<Record<string, string>> {
  return { order_by: orderBy, sort: 'desc' };
}

async function listed(
  api: ProjectApi,
  request: RestRequest,
  signal: AbortSignal,
  tag?: string,
): Promise<ListedPage | undefined> {
  const page = await api.client.page(request, signal, tag);
  if (page === undefined) return undefined;
  const { next } = page;
  return {
    listed: api.client.parse(endedMergeRequestsSchema, page.items).map((each) => ({
      state: stateOf(each),
      updatedAt: each.updated_at,
    })),
    ...(page.tag === undefined ? {} : { tag: page.tag }),
    ...(next === undefined ? {} : { next: async () => (await listed(api, next, signal)) ?? { listed: [] } }),
  };
}

async function read(
  api: ProjectApi,
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<readonly PullRequestState[]> {
  const states: PullRequestState[] = [];
  for (let from = 0; from < numbers.length; from += perPage) {
    const some = numbers.slice(from, from + perPage);
    const { method, url } = mergeRequests(api, {});
    const request = { method, url: `${url}${some.map((number) => `&iids[]=${number}`).join('')}` };
    const answered = await api.client.request(endedMergeRequestsSchema, request, signal);
    const found = new Map(answered.map((each) => [each.iid, stateOf(each)]));
    states.push(...some.map((number) => found.get(number) ?? { number, state: 'closed' as const }));
  }
  return states;
}

async function latestOf(
  api: ProjectApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const { head, base } = branches;
  const between = { source_branch: head, target_branch: base };
  let request: RestRequest | undefined = mergeRequests(api, {
    ...{ ...newestFirst('created_at'), ...between },
  });
  for (let pages = 0; request !== undefined && pages < maxPagesOfBranch; pages++) {
    const page = await api.client.page(request, signal);
    const each = api.client.parse(endedMergeRequestsSchema, page?.items ?? []);
    const found = each.find((candidate) => joins(candidate, branches));
    if (found !== undefined) return { ...pullRequestOf(found), ...stateOf(found), head: headOf(api, found) };
    request = page?.next;
  }
  return undefined;
}

function headOf({ client }: ProjectApi, { iid, sha }: GitlabEndedMergeRequest): string {
  if (sha !== null) return sha;
  const { host } = client.target;
  throw new WindlassError('provider-unavailable', `${host} does not say yet which commit !${iid} is at.`);
}

export function stateOf(found: GitlabEndedMergeRequest): PullRequestState {
  const { iid, state, sha } = found;
  const known = { number: iid, ...(sha === null ? {} : { head: sha }) };
  // Locked: it is being merged, which can still fail.
  if (state === 'opened' || state === 'locked') return { ...known, state: 'open' };
  const user = state === 'merged' ? (found.merge_user ?? found.merged_by) : found.closed_by;
  const at = Date.parse((state === 'merged' ? found.merged_at : found.closed_at) ?? '');
  return {
    ...known,
    state,
    ...(user === null || user === undefined ? {} : { by: user.username }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}
