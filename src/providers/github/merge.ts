import { type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { type RepositoryApi } from './repository-api';
import { type GithubSinglePullRequest, singlePullRequestSchema } from './schema';

/** In this order: a repository may allow only some of them. */
const methods = ['merge', 'squash', 'rebase'] as const;
/** 403: a rule or a right; 405: not mergeable; 409: its head moved; 422: what it was asked is not valid. */
const refusals = new Set([403, 405, 409, 422]);
const maxWords = 500;

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];

export function mergeOn({ route, name, client }: RepositoryApi): PullRequestProvider['merge'] {
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

  return async ({ number }, { head }, signal) => {
    let refusal: ApiRefusal | undefined;
    for (const method of methods) {
      refusal = await attempt(number, head, method, signal);
      if (refusal === undefined) return { merged: true };
      if (!isForbiddenMethod(refusal)) break;
    }
    // The words say little; the pull request itself says what is wrong with it.
    const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, pull_number: number });
    const found = await client.request(singlePullRequestSchema, get, signal);
    if (found.merged_at !== null) return { merged: true };
    const words = (refusal?.words ?? '').slice(0, maxWords);
    return { merged: false, because: because(found, head, refusal?.status, words), words };
  };
}

function isForbiddenMethod({ status, words }: ApiRefusal): boolean {
  return status === 405 && /(merge commits|(squash|rebase) merges) are not allowed/i.test(words);
}

function because(
  { head, state, mergeable, mergeable_state }: GithubSinglePullRequest,
  expected: string,
  status: number | undefined,
  words: string,
): Because {
  if (state === 'closed') return 'not-allowed';
  if (head.sha !== expected) return 'head-moved';
  if (mergeable === false || mergeable_state === 'dirty') return 'conflict';
  if (mergeable_state === 'behind') return 'behind';
  if (status === 403 || /not (allowed|authorized|permitted)|merge queue/i.test(words)) return 'not-allowed';
  return 'not-ready';
}
