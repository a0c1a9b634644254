/** Finds and opens pull requests, so that one is open for two branches at most. */
import { WindlassError } from '../../domain/errors';
import { type BranchPair, type PullRequestProvider } from '../port';
import { pagesOf } from '../rest/pages';
import { ApiRefusal } from '../rest/refusal';
import { draftTitle } from './draft-title';
import { creationFailure, isDuplicate } from './errors';
import { joins, pullRequestOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type GiteaPullRequest, pullRequestSchema, pullRequestsSchema } from './schema';

/** 5,000 open pull requests into one branch. */
const maxPages = 100;
/** Requests to open the same one that meet each other do so within this time, by Gitea's own clock. */
const raceMs = 60_000;

/** As many as workers that can meet each other. */
const closingTries = 4;

const retired = /^Duplicate of #\d+: /;

/** Whether it was opened beside another one, and closed by `retire`: it says nothing about the promotion. */
export function isRetired({ title }: GiteaPullRequest): boolean {
  return retired.test(title);
}

export function openOn(api: RepositoryApi): Pick<PullRequestProvider, 'findOpen' | 'create'> {
  return {
    findOpen: async (branches, signal) => {
      const [first, ...others] = await openBetween(api, branches, signal);
      if (first === undefined) return undefined;
      for (const other of others) await retire(api, other, first.number, signal);
      return pullRequestOf(first);
    },
    create: async ({ title, body, draft = false, ...branches }, signal) => {
      const { head, base } = branches;
      const texts = { title: draft ? draftTitle(title) : title, body };
      const created = await create(api, { head, base, ...texts }, branches, signal);
      if (created === undefined) return undefined;
      if (created.merge_base === created.head.sha) {
        // Gitea opens an empty one as well. It stays: the next attempt finds it, and fills or closes it.
        const { repository } = api.client.target;
        const fault = `The branch ${head} of ${repository} has no commit that ${base} lacks.`;
        throw new WindlassError('lease-lost', fault);
      }
      const earlier = await openedBefore(api, created, branches, signal);
      if (earlier === undefined) return pullRequestOf(created);
      await retire(api, created, earlier, signal);
      return undefined;
    },
  };
}

async function create(
  api: RepositoryApi,
  body: object,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<GiteaPullRequest | undefined> {
  try {
    return await api.client.request(pullRequestSchema, api.at('POST', 'pulls', body), signal);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (isDuplicate(error)) return undefined;
    throw await creationFailure(api, error, branches, signal);
  }
}

/** The open ones, the first opened first. Gitea cannot list by head, and `pulls/{base}/{head}` gives any, also an old one. */
async function openBetween(
  api: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<readonly GiteaPullRequest[]> {
  const request = api.list('pulls', { state: 'open', base_branch: branches.base, sort: 'oldest' });
  const found: GiteaPullRequest[] = [];
  const list = { request, schema: pullRequestsSchema };
  for await (const page of pagesOf(api.client, list, maxPages, signal)) {
    found.push(...page.filter((each) => joins(each, branches)));
  }
  return found.sort((left, right) => left.number - right.number);
}

/**
 * Gitea looks for a duplicate first and opens later, with no lock: of requests that come at once, each opens one. Numbers are
 * given in the order in which they become visible, so all but the first see one before their own.
 * @returns the number of the first
 */
async function openedBefore(
  api: RepositoryApi,
  created: GiteaPullRequest,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<number | undefined> {
  const request = api.list('pulls', { state: 'open', base_branch: branches.base, sort: 'newest' });
  const since = Date.parse(created.created_at) - raceMs;
  const numbers: number[] = [];
  for await (const page of pagesOf(api.client, { request, schema: pullRequestsSchema }, maxPages, signal)) {
    numbers.push(...page.filter((each) => joins(each, branches)).map(({ number }) => number));
    if (page.some(({ created_at: at }) => Date.parse(at) < since)) break;
  }
  const first = Math.min(...numbers);
  return first < created.number ? first : undefined;
}

/**
 * Closes one under another title, so that no one takes it for a version that a person rejected. Gitea answers 500 to those who
 * close the same one at the same moment.
 */
async function retire(
  api: RepositoryApi,
  { number, title }: GiteaPullRequest,
  first: number,
  signal: AbortSignal,
): Promise<void> {
  const change = { title: `Duplicate of #${first}: ${title}`, state: 'closed' };
  const request = (method: 'GET' | 'PATCH', body?: object): Promise<GiteaPullRequest> =>
    api.client.request(pullRequestSchema, api.at(method, `pulls/${number}`, body), signal);
  for (let tries = 1; ; tries++) {
    try {
      await request('PATCH', change);
      return;
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 500 || tries === closingTries) throw error;
      if ((await request('GET')).state === 'closed') return;
    }
  }
}
