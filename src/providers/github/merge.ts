import { WindlassError } from '../../domain/errors';
import { type MergeManner, type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { enqueue } from './merge-queue';
import { type RepositoryApi } from './repository-api';
import { type GithubSinglePullRequest, refSchema, singlePullRequestSchema } from './schema';

/** In this order: a repository may allow only some of them. */
const methods = ['merge', 'squash', 'rebase'] as const;
/** 403: a rule or a right; 405: not mergeable; 409: its head moved; 422: what it was asked is not valid. */
const refusals = new Set([403, 405, 409, 422]);
const maxWords = 500;

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];

export function mergeOn(api: RepositoryApi): PullRequestProvider['merge'] {
  const { route, name, client } = api;
  const read = (number: number, signal: AbortSignal): Promise<GithubSinglePullRequest> => {
    const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number });
    return client.request(singlePullRequestSchema, get, signal);
  };
  /** @returns the refusal; undefined: merged */
  const attempt = async (
    number: number,
    head: string,
    method: (typeof methods)[number],
    signal: AbortSignal,
  ): Promise<ApiRefusal | undefined> => {
    const merge = { ...name, pull_number: number, sha: head, merge_method: method };
    try {
      await client.send(route('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', merge), signal);
      return undefined;
    } catch (error) {
      if (error instanceof ApiRefusal && error.code !== 'rate-limited' && refusals.has(error.status))
        return error;
      throw error;
    }
  };

  return async ({ number }, { head, manner }, signal) => {
    let refusal: ApiRefusal | undefined;
    for (const method of methodsFor(manner)) {
      refusal = await attempt(number, head, method, signal);
      if (refusal === undefined || !isForbiddenMethod(refusal)) break;
    }
    if (refusal === undefined && manner.deleteBranch !== true) return { merged: true };
    // The words say little; the pull request itself says what is wrong with it.
    const found = await read(number, signal);
    if (refusal === undefined || found.merged_at !== null) {
      if (manner.deleteBranch === true) await deleteBranch(api, found, signal);
      return { merged: true };
    }
    if (requiresQueue(refusal) && isQueueable(found, head)) {
      return enqueue(api, { number, base: found.base.ref, head }, signal);
    }
    const words = refusal.words.slice(0, maxWords);
    return { merged: false, because: because(found, head, refusal.status, words), words };
  };
}

function methodsFor({ squash }: MergeManner): readonly (typeof methods)[number][] {
  return squash === undefined ? methods : methods.filter((method) => (method === 'squash') === squash);
}

/**
 * Deletes the branch of a merged pull request that still is at the commit that was merged. What keeps it from that does not
 * undo the merge: the branch stays.
 */
async function deleteBranch(
  { route, name, client }: RepositoryApi,
  { head, base }: GithubSinglePullRequest,
  signal: AbortSignal,
): Promise<void> {
  if (head.repo?.full_name !== base.repo?.full_name) return;
  const which = { ...name, ref: `heads/${head.ref}` };
  try {
    const found = await client.request(
      refSchema,
      route('GET /repos/{owner}/{repo}/git/ref/{ref}', which),
      signal,
    );
    if (found.object.sha !== head.sha) return;
    await client.send(route('DELETE /repos/{owner}/{repo}/git/refs/{ref}', which), signal);
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
  }
}

/** "Changes must be made through the merge queue": for one that is in it already, too. */
function requiresQueue({ status, words }: ApiRefusal): boolean {
  return (status === 405 || status === 403) && /through (the|a) merge queue/i.test(words);
}

function isQueueable(
  { state, head, mergeable, mergeable_state }: GithubSinglePullRequest,
  at: string,
): boolean {
  const isInTheWay = mergeable === false || ['dirty', 'draft'].includes(mergeable_state);
  return state === 'open' && head.sha === at && !isInTheWay;
}

function isForbiddenMethod({ status, words }: ApiRefusal): boolean {
  return status === 405 && /(merge commits|(squash|rebase) merges) are not allowed/i.test(words);
}

function because(
  { head, state, mergeable, mergeable_state }: GithubSinglePullRequest,
  expected: string,
  status: number,
  words: string,
): Because {
  if (state === 'closed') return 'not-allowed';
  if (head.sha !== expected) return 'head-moved';
  if (mergeable === false || mergeable_state === 'dirty') return 'conflict';
  if (mergeable_state === 'behind') return 'behind';
  if (status === 403 || /not (allowed|authorized|permitted)|merge queue/i.test(words)) return 'not-allowed';
  return 'not-ready';
}
