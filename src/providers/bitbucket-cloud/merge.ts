import { setTimeout as sleep } from 'node:timers/promises';
import { type MergeManner, type MergeOutcome, type Numbered, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { headsOf } from './heads';
import { conflicts, failuresOf, hasFailed, mergeabilityOf } from './mergeability';
import { isOpen, pullRequestFields } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type BitbucketPullRequest, type MergeabilityCheck, pullRequestSchema } from './schema';

/** 400: not mergeable, in words; 403: a right; 409: one of the branches changed. */
const refusals = new Set([400, 403, 409]);
/** After 202, the merge continues in the background: how long to wait for it, in milliseconds. */
const waits = [250, 500, 1_000, 2_000];
const maxWords = 500;
const fields = [
  pullRequestFields,
  ...['destination.branch.merge_strategies', 'destination.branch.default_merge_strategy'],
].join(',');

/** No API takes it out of there, so it is not reported as queued, which would let Windlass wait for its own queue. */
const inQueue: MergeOutcome = {
  ...{ merged: false, because: 'not-ready' },
  words: 'it is in a merge queue; Windlass does not use it: a person has to remove it or let it be merged',
};

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];

/**
 * Bitbucket has no parameter for the expected head. The branch is read right before; a push between the two requests, a
 * fraction of a second, is merged. The pull request's head afterwards tells that.
 */
export function mergeOn(api: RepositoryApi): PullRequestProvider['merge'] {
  const { client, send } = api;
  return async (pullRequest, { head, manner }, signal) => {
    const before = await lookAt(api, pullRequest, signal);
    const fault = await faultBefore(api, before, head, signal);
    if (fault !== undefined) return fault;
    const strategy = strategyFor(before, manner);
    if (strategy === 'none') return refused('not-allowed', 'the destination allows no merge but a squash');
    const body = {
      ...{ type: 'pullrequest', close_source_branch: manner.deleteBranch === true },
      ...(strategy === undefined ? {} : { merge_strategy: strategy }),
    };
    let refusal: ApiRefusal | undefined;
    try {
      await client.send(send('POST', `pullrequests/${pullRequest.number}/merge`, body), signal);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.code === 'rate-limited' || !refusals.has(error.status))
        throw error;
      refusal = error;
    }
    return refusal === undefined
      ? merging(api, pullRequest, head, signal)
      : explain(api, pullRequest, head, refusal, signal);
  };
}

function lookAt(
  { client, get }: RepositoryApi,
  { number }: Numbered,
  signal: AbortSignal,
): Promise<BitbucketPullRequest> {
  return client.request(pullRequestSchema, get(`pullrequests/${number}`, { fields }), signal);
}

/** @returns undefined: it is open, and its branch is at that commit */
async function faultBefore(
  api: RepositoryApi,
  found: BitbucketPullRequest,
  expected: string,
  signal: AbortSignal,
): Promise<MergeOutcome | undefined> {
  const { state, source } = found;
  if (state === 'MERGED') return mergedOutcome(found, expected);
  if (!isOpen(found)) return refused('not-allowed', `the pull request is ${state}`);
  if (state === 'QUEUED') return inQueue;
  const branch = source.branch.name;
  // What the pull request says is too short to be sure of, and can lag behind the branch.
  const actual = (await headsOf(api, [branch], signal)).get(branch);
  if (actual === expected && expected.startsWith(source.commit?.hash ?? '')) return undefined;
  return refused('head-moved', `${branch} is at ${actual ?? 'no commit'}`);
}

/** What was merged with a later push is not what was asked for: its followers have to look at the head that it has. */
function mergedOutcome({ source }: BitbucketPullRequest, expected: string): MergeOutcome {
  const at = source.commit?.hash;
  return at === undefined || expected.startsWith(at)
    ? { merged: true }
    : refused('head-moved', `it was merged at ${at}, and not at ${expected}`);
}

/**
 * What the destination's branch prefers; without a word, Bitbucket makes a merge commit even where that is not allowed.
 * @returns undefined: as Bitbucket does without a word; none: only what is not wanted is allowed
 */
function strategyFor({ destination }: BitbucketPullRequest, { squash }: MergeManner): string | undefined {
  const { default_merge_strategy, merge_strategies: allowed = [] } = destination.branch;
  const preferred = default_merge_strategy ?? undefined;
  if (squash === true) {
    const isOnly = !allowed.includes('squash') && allowed.includes('squash_fast_forward');
    return isOnly ? 'squash_fast_forward' : 'squash';
  }
  if (squash === undefined || (preferred !== undefined && !isSquash(preferred))) return preferred;
  return allowed.length === 0 ? 'merge_commit' : (allowed.find((each) => !isSquash(each)) ?? 'none');
}

function isSquash(strategy: string): boolean {
  return strategy.startsWith('squash');
}

/** A merge that takes long is answered with 202 before it is done. */
async function merging(
  api: RepositoryApi,
  pullRequest: Numbered,
  expected: string,
  signal: AbortSignal,
): Promise<MergeOutcome> {
  for (const wait of [0, ...waits]) {
    if (wait > 0) await pause(wait, signal);
    const found = await lookAt(api, pullRequest, signal);
    if (found.state === 'MERGED') return mergedOutcome(found, expected);
    if (found.state === 'QUEUED') return inQueue;
  }
  return refused('not-ready', 'Bitbucket is still merging');
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

async function explain(
  api: RepositoryApi,
  pullRequest: Numbered,
  expected: string,
  refusal: ApiRefusal,
  signal: AbortSignal,
): Promise<MergeOutcome> {
  const fault = await faultBefore(api, await lookAt(api, pullRequest, signal), expected, signal);
  if (fault !== undefined) return fault;
  const asked = mergeabilityOf(api, pullRequest.number, signal);
  const checks = (await unlessRefused(['forbidden', 'request-refused'], asked)) ?? [];
  return refused(because(refusal, checks), [refusal.words, ...failuresOf(checks)].join('; '));
}

function because({ status, words }: ApiRefusal, checks: readonly MergeabilityCheck[]): Because {
  if (/merge conflicts?|conflicts during merge/i.test(words) || conflicts(checks)) return 'conflict';
  if (/unable to fast forward/i.test(words)) return 'behind';
  if (status === 403 || hasFailed(checks, 'current_user_permission_check')) return 'not-allowed';
  return /merge_strategy/.test(words) ? 'not-allowed' : 'not-ready';
}

function refused(reason: Because, words: string): MergeOutcome {
  return { merged: false, because: reason, words: words.slice(0, maxWords).toWellFormed() };
}
