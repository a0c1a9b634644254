import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type LatestPullRequest, type PullRequestProvider } from '../port';
import { changedPullRequests, type ListedPage } from '../rest/changed-pull-requests';
import { inTurn } from '../rest/in-turn';
import { listedPageUnlessSame, pagesOf, type RestList } from '../rest/pages';
import { unlessRefused } from '../rest/unless-refused';
import { wholeIds } from './heads';
import { conflicts, mergeabilityOf } from './mergeability';
import { inAnyState, isOpen, joins, pullRequestFields, pullRequestOf, whichJoin } from './pull-request';
import { quoted, type RepositoryApi } from './repository-api';
import {
  type BitbucketAccount,
  type BitbucketPullRequest,
  pullRequestSchema,
  pullRequestsSchema,
} from './schema';

/** Forks can use the branch's name, too; no repository has more of them than on so many pages. */
const maxPagesOfBranch = 5;

export function followOn(
  api: RepositoryApi,
): Pick<PullRequestProvider, 'changes' | 'latest' | 'conflicting'> {
  return {
    changes: async (asked, signal) => {
      const heads = new Map<number, string>();
      const state = (each: BitbucketPullRequest) => {
        heads.set(each.id, each.source.branch.name);
        return { state: stateOf(each), updatedAt: each.updated_on };
      };
      const changes = await changedPullRequests(
        {
          newest: (since, tag) => newest(api, { since, tag, state }, signal),
          read: (numbers) => inTurn(numbers, (number) => readState(api, number, state, signal)),
        },
        asked,
      );
      return { ...changes, states: await withWholeIds(api, changes.states, heads, signal) };
    },
    latest: (branches, signal) => latestOf(api, branches, signal),
    conflicting: async (numbers, signal) => {
      const found = await inTurn(numbers, (number) => mergeabilityOf(api, number, signal));
      return numbers.filter((_, index) => conflicts(found[index] ?? []));
    },
  };
}

interface Listing {
  readonly since: string | undefined;
  readonly tag: string | undefined;
  readonly state: (each: BitbucketPullRequest) => ListedPage['listed'][number];
}

/** The list of what changed lately is short, and the same while nothing changes. */
function newest(
  api: RepositoryApi,
  { since, tag, state }: Listing,
  signal: AbortSignal,
): Promise<ListedPage | undefined> {
  const filter = since === undefined ? {} : { q: `updated_on >= ${quoted(since)}` };
  const list = { ...newestFirst(api, 'updated_on', filter), state };
  return listedPageUnlessSame(api.client, list, signal, tag);
}

function newestFirst(
  api: RepositoryApi,
  sort: 'updated_on' | 'created_on',
  filter: { readonly q?: string },
): RestList<BitbucketPullRequest> {
  const query = { state: inAnyState, sort: `-${sort}`, ...filter, fields: pullRequestFields };
  return { request: api.list('pullrequests', query), schema: pullRequestsSchema };
}

async function readState(
  api: RepositoryApi,
  number: number,
  state: Listing['state'],
  signal: AbortSignal,
): Promise<PullRequestState> {
  const get = api.get(`pullrequests/${number}`, { fields: pullRequestFields });
  const found = await unlessRefused(
    ['repository-not-found'],
    api.client.request(pullRequestSchema, get, signal),
  );
  return found === undefined ? { number, state: 'closed' } : state(found).state;
}

async function withWholeIds(
  api: RepositoryApi,
  states: readonly PullRequestState[],
  branches: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<readonly PullRequestState[]> {
  const heads = states.flatMap(({ number, head }) =>
    head === undefined ? [] : [{ branch: branches.get(number) ?? '', hash: head }],
  );
  const ids = await wholeIds(api, heads, signal);
  return states.map(({ head, ...state }) => {
    const id = head === undefined ? undefined : ids.get(head);
    return id === undefined ? state : { ...state, head: id };
  });
}

async function latestOf(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<LatestPullRequest | undefined> {
  const list = newestFirst(api, 'created_on', { q: whichJoin(branches) });
  for await (const page of pagesOf(api.client, list, maxPagesOfBranch, signal)) {
    const found = page.find((candidate) => joins(candidate, branches));
    if (found === undefined) continue;
    const { id: number } = found;
    const named = new Map([[number, branches.head]]);
    const [state] = await withWholeIds(api, [stateOf(found)], named, signal);
    if (state?.head !== undefined) return { ...pullRequestOf(found), ...state, head: state.head };
    const { host } = api.client.target;
    const fault = `${host} does not say which commit pull request #${number} is at.`;
    throw new WindlassError('provider-unavailable', fault);
  }
  return undefined;
}

/** With an abbreviated head. Bitbucket keeps no time of the end: after it, only comments move `updated_on`. */
function stateOf(found: BitbucketPullRequest): PullRequestState {
  const { id, state, source, closed_by, updated_on } = found;
  const known = { number: id, ...(source.commit ? { head: source.commit.hash } : {}) };
  if (isOpen(found)) return { ...known, state: 'open' };
  const by = nameOf(closed_by);
  const at = Date.parse(updated_on);
  return {
    ...known,
    state: state === 'MERGED' ? 'merged' : 'closed',
    ...(by === undefined ? {} : { by }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}

function nameOf(account: BitbucketAccount | null | undefined): string | undefined {
  return (account?.nickname ?? account?.display_name)?.slice(0, 255).toWellFormed();
}
