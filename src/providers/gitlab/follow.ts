import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests } from '../rest/changed-pull-requests';
import { listedPage, pagesOf } from '../rest/pages';
import { type RestRequest } from '../rest/rest-client';
import { joins, pullRequestOf } from './merge-request';
import { type ProjectApi } from './project-api';
import { type GitlabEndedMergeRequest, endedMergeRequestsSchema } from './schema';

/** Also how many are asked for by number at once: the URL stays short. */
const perPage = 50;
/** Forks can use the branch's name, too; no project has more of them than on so many pages. */
const maxPagesOfBranch = 5;

/** https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests: otherwise, a list never looks for conflicts. */
const recheck = { with_merge_status_recheck: 'true' };

export function followOn(api: ProjectApi): Pick<PullRequestProvider, 'changes' | 'latest' | 'conflicting'> {
  return {
    changes: (asked, signal) =>
      changedPullRequests(
        {
          newest: (since, tag) => {
            const changed = since === undefined ? {} : { updated_after: since };
            const list = {
              request: mergeRequests(api, { ...newestFirst('updated_at'), ...changed }),
              schema: endedMergeRequestsSchema,
              state: (each: GitlabEndedMergeRequest) => ({
                state: stateOf(each),
                updatedAt: each.updated_at,
              }),
            };
            return listedPage(api.client, list, signal, tag);
          },
          read: async (numbers) => {
            const listed = await byNumber(api, numbers, {}, signal);
            const found = new Map(listed.map((each) => [each.iid, stateOf(each)]));
            return numbers.map((number) => found.get(number) ?? { number, state: 'closed' as const });
          },
        },
        asked,
      ),
    latest: (branches, signal) => latestOf(api, branches, signal),
    conflicting: async (numbers, signal) => {
      const open = await byNumber(api, numbers, { state: 'opened', ...recheck }, signal);
      return open.filter(hasConflicts).map(({ iid }) => iid);
    },
  };
}

function mergeRequests({ get }: ProjectApi, query: Readonly<Record<string, string>>): RestRequest {
  return get('merge_requests', { scope: 'all', state: 'all', per_page: String(perPage), ...query });
}

function newestFirst(orderBy: 'updated_at' | 'created_at'): Readonly<Record<string, string>> {
  return { order_by: orderBy, sort: 'desc' };
}

async function byNumber(
  api: ProjectApi,
  numbers: readonly number[],
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly GitlabEndedMergeRequest[]> {
  const found: GitlabEndedMergeRequest[] = [];
  for (let from = 0; from < numbers.length; from += perPage) {
    const some = numbers.slice(from, from + perPage);
    const { method, url } = mergeRequests(api, query);
    const request = { method, url: `${url}${some.map((number) => `&iids[]=${number}`).join('')}` };
    found.push(...(await api.client.request(endedMergeRequestsSchema, request, signal)));
  }
  return found;
}

/** The status names one obstacle of several. */
function hasConflicts({ has_conflicts, detailed_merge_status }: GitlabEndedMergeRequest): boolean {
  return has_conflicts === true || detailed_merge_status === 'conflict';
}

async function latestOf(
  api: ProjectApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const { head, base } = branches;
  const between = { source_branch: head, target_branch: base };
  const request = mergeRequests(api, { ...newestFirst('created_at'), ...between });
  const list = { request, schema: endedMergeRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPagesOfBranch, signal)) {
    const found = page.find((candidate) => joins(candidate, branches));
    if (found !== undefined) return { ...pullRequestOf(found), ...stateOf(found), head: headOf(api, found) };
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
