import { type MergeManner, type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { conflictsAmong } from './conflicts';
import { type RepositoryApi } from './repository-api';
import { type GiteaPullRequest, mergedPullRequestSchema, pullRequestSchema } from './schema';
import { type z } from 'zod';

/**
 * 403: a right; 404: it is closed; 405: still looking for conflicts, has conflicts, merged already, a draft, a way that is not
 * allowed, a rule of the branch or a right; 409: its head or the base moved, or a conflict.
 * https://github.com/go-gitea/gitea/blob/v1.26.0/routers/api/v1/repo/pull.go
 */
const refusals = new Set([403, 404, 405, 409]);
/** In this order, where the way that the repository prefers is not allowed after all. */
const ways = ['merge', 'squash', 'rebase-merge', 'rebase', 'fast-forward-only'] as const;
const maxWords = 500;

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];
type Way = (typeof ways)[number];

export function mergeOn(api: RepositoryApi): PullRequestProvider['merge'] {
  const { client, at } = api;
  return async ({ number }, { head, manner }, signal) => {
    const get = at('GET', `pulls/${number}`);
    const before = await client.request(mergedPullRequestSchema, get, signal);
    if (before.merged) return { merged: true };
    const deletion =
      manner.deleteBranch === undefined ? {} : { delete_branch_after_merge: manner.deleteBranch };
    const options = waysOf(before, manner);
    const attempt = async (): Promise<ApiRefusal | undefined> => {
      let refusal: ApiRefusal | undefined;
      for (const way of options) {
        const merge = { Do: way, head_commit_id: head, ...deletion };
        refusal = await refusalOf(client.send(at('POST', `pulls/${number}/merge`, merge), signal));
        if (refusal === undefined || !isForbiddenWay(refusal)) break;
      }
      return refusal;
    };
    let refusal = await attempt();
    if (refusal !== undefined && isStillLooking(refusal)) {
      const [inConflict] = await conflictsAmong(api, [number], signal);
      if (inConflict === undefined) refusal = await attempt();
    }
    if (refusal === undefined) return { merged: true };
    // The words are the same for several reasons; the pull request itself says more.
    const found = await client.request(pullRequestSchema, get, signal);
    if (found.merged) return { merged: true };
    return { merged: false, because: because(found, head, refusal), words: refusal.words.slice(0, maxWords) };
  };
}

/** @returns undefined: merged */
async function refusalOf(merged: Promise<unknown>): Promise<ApiRefusal | undefined> {
  try {
    await merged;
    return undefined;
  } catch (error) {
    if (error instanceof ApiRefusal && error.code !== 'rate-limited' && refusals.has(error.status))
      return error;
    throw error;
  }
}

function waysOf({ base }: z.output<typeof mergedPullRequestSchema>, { squash }: MergeManner): readonly Way[] {
  const preferred = ways.filter((way) => way === base.repo?.default_merge_style);
  const all = [...new Set([...preferred, ...ways])];
  return squash === undefined ? all : all.filter((way) => (way === 'squash') === squash);
}

/** The words are Gitea's. */
function isForbiddenWay({ status, words }: ApiRefusal): boolean {
  return status === 405 && /allowed merge style/i.test(words);
}

/** Gitea says so of conflicts, too. */
function isStillLooking({ status, words }: ApiRefusal): boolean {
  return status === 405 && /try again later/i.test(words);
}

function because(
  { state, draft, head, mergeable }: GiteaPullRequest,
  expected: string,
  { status, words }: ApiRefusal,
): Because {
  if (state === 'closed') return 'not-allowed';
  if (head.sha !== expected) return 'head-moved';
  if (status === 403 || /not allowed|allowed merge style|PushRejected/i.test(words)) return 'not-allowed';
  if (/behind the base branch/i.test(words)) return 'behind';
  if (
    draft ||
    /not ready to merge|required status checks|approvals|requested changes|review requests/i.test(words)
  )
    return 'not-ready';
  return mergeable ? 'not-ready' : 'conflict';
}
