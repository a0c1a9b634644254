import { WindlassError } from '../../domain/errors';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type PullRequest } from '../port';
import { pagesOf } from '../rest/pages';
import { ApiRefusal } from '../rest/refusal';
import { type RestRequest } from '../rest/rest-client';
import { isRefusedFor } from './errors';
import { type BitbucketName } from './repository';
import { type RepositoryApi } from './repository-api';
import { type BitbucketPullRequest, branchesSchema, pullRequestSchema } from './schema';

/** More changes at the same time than these are no coincidence. */
const attempts = 4;
/** Exact names come first. */
const maxPagesOfBranches = 5;

export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

export function pullRequestOf(found: BitbucketPullRequest): PullRequest {
  const [{ href: url } = { href: '' }] = found.links.self;
  return { number: found.id, url, title: found.title, body: found.description };
}

/** Without the user who ended it, whom only its activities name. */
export function stateOf({ id, state, closedDate, fromRef }: BitbucketPullRequest): PullRequestState {
  const known = { number: id, head: fromRef.latestCommit };
  if (state === 'OPEN') return { ...known, state: 'open' };
  return {
    ...known,
    state: state === 'MERGED' ? 'merged' : 'closed',
    ...(typeof closedDate === 'number' ? { at: closedDate } : {}),
  };
}

/** The pull requests out of a branch of this repository, into any repository: `joins` says which are meant. */
export function outOf(
  { route }: RepositoryApi,
  branch: string,
  query: { readonly state: 'OPEN' | 'ALL'; readonly limit: string },
): RestRequest {
  const outgoing = { direction: 'OUTGOING', at: branchRef(branch), order: 'NEWEST' };
  return route('GET', 'pull-requests', { query: { ...outgoing, ...query, ...withoutExtras } });
}

/** What plugins would add to each pull request of a list. */
export const withoutExtras = { withAttributes: 'false', withProperties: 'false' };

/** Whether it is between these two branches, and both are of this repository and not of a fork. */
export function joins(
  { fromRef, toRef }: BitbucketPullRequest,
  { head, base }: BranchPair,
  name: BitbucketName,
): boolean {
  return (
    fromRef.id === branchRef(head) &&
    toRef.id === branchRef(base) &&
    [fromRef, toRef].every(({ repository }) => isNamed(repository, name))
  );
}

function isNamed(
  { slug, project }: BitbucketPullRequest['fromRef']['repository'],
  name: BitbucketName,
): boolean {
  const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
  return same(slug, name.slug) && same(project.key, name.project);
}

export function readPullRequest(
  { client, route }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<BitbucketPullRequest> {
  return client.request(pullRequestSchema, route('GET', `pull-requests/${number}`), signal);
}

/** @returns the commit that a branch is at now; undefined where there is no such branch */
export async function branchHead(
  { client, route }: RepositoryApi,
  branch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { filterText: branch, boostMatches: 'true', limit: '100' };
  const list = { request: route('GET', 'branches', { query }), schema: branchesSchema };
  for await (const page of pagesOf(client, list, maxPagesOfBranches, signal)) {
    const found = page.find(({ id }) => id === branchRef(branch));
    if (found !== undefined) return found.latestCommit;
  }
  return undefined;
}

/**
 * Reads a pull request and changes it at the version that was read; again where it was changed or ended in between.
 * @param change is refused by Bitbucket where the version is another one by then
 */
export async function atItsVersion<T>(
  api: RepositoryApi,
  number: number,
  signal: AbortSignal,
  change: (present: BitbucketPullRequest) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const present = await readPullRequest(api, number, signal);
    try {
      return await change(present);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || !isOutOfDate(error)) throw error;
      if (attempt < attempts) continue;
      const said = `${api.client.target.host} answered ${error.status} (${error.words})`;
      throw new WindlassError('provider-unavailable', `${said}: pull request ${number} is being changed.`);
    }
  }
}

/** Whether Bitbucket refused a change because the pull request is no longer what was read. */
export function isOutOfDate(error: unknown): boolean {
  return (
    isRefusedFor(error, 'PullRequestOutOfDateException') ||
    isRefusedFor(error, 'IllegalPullRequestStateException')
  );
}
