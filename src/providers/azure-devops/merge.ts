import { setTimeout } from 'node:timers/promises';
import { type MergeManner, type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { exceptionOf } from './errors';
import { policiesInForce } from './protection';
import { readPullRequest } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type AzurePolicy, type AzurePullRequest, pullRequestSchema } from './schema';

/** 400: not in this state; 403: a policy or a right; 409: its head moved. */
const refusals = new Set([400, 403, 409]);
const maxWords = 500;
/** Completing is a job of the service: it is looked at again after so many milliseconds each. */
const looks = [250, 500, 1_000, 2_000, 4_000];
/** https://learn.microsoft.com/azure/devops/repos/git/branch-policies#limit-merge-types */
const mergeTypesPolicy = 'fa4e907d-c16b-4a4c-9dfa-4916e5d171ab';
const rejectedByPolicy = 'GitPullRequestUpdateRejectedByPolicyException';

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];
type Strategy = 'noFastForward' | 'squash' | 'rebase' | 'rebaseMerge';

interface Attempt {
  readonly found: AzurePullRequest;
  readonly refusal?: ApiRefusal;
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/update; policies are never bypassed. */
export function mergeOn(api: RepositoryApi): PullRequestProvider['merge'] {
  return async ({ number }, { head, manner }, signal) => {
    const first = manner.squash === true ? 'squash' : 'noFastForward';
    let attempt = await complete(api, number, { head, manner, strategy: first }, signal);
    if (isRejectedByPolicy(attempt) && manner.squash !== true) {
      const strategy = await allowedStrategy(api, attempt.found, manner, signal);
      if (strategy !== undefined) attempt = await complete(api, number, { head, manner, strategy }, signal);
    }
    const { found, refusal } = attempt;
    if (found.status === 'completed') return { merged: true };
    const said = [refusal?.words, found.mergeFailureMessage, found.mergeStatus];
    const words = said.find((each) => each !== undefined && each !== null && each !== '') ?? 'not completed';
    return { merged: false, because: because(attempt, head), words: words.slice(0, maxWords) };
  };
}

async function complete(
  api: RepositoryApi,
  number: number,
  {
    head,
    manner,
    strategy,
  }: { readonly head: string; readonly manner: MergeManner; readonly strategy: Strategy },
  signal: AbortSignal,
): Promise<Attempt> {
  const { client, git } = api;
  const completionOptions = {
    mergeStrategy: strategy,
    ...(manner.deleteBranch === undefined ? {} : { deleteSourceBranch: manner.deleteBranch }),
  };
  const wanted = { status: 'completed', lastMergeSourceCommit: { commitId: head }, completionOptions };
  try {
    const request = git('PATCH', `pullrequests/${number}`, {}, wanted);
    let found = await client.request(pullRequestSchema, request, signal);
    for (const wait of looks) {
      if (!isInProgress(found)) break;
      await setTimeout(wait, undefined, { signal }).catch(() => {
        throw signal.reason;
      });
      found = await readPullRequest(api, number, signal);
    }
    return { found };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code === 'rate-limited' || !refusals.has(error.status))
      throw error;
    // The words say little; the pull request itself says what is wrong with it.
    return { found: await readPullRequest(api, number, signal), refusal: error };
  }
}

function isInProgress({ status, mergeStatus }: AzurePullRequest): boolean {
  return (
    status === 'active' &&
    (mergeStatus === 'queued' || mergeStatus === 'succeeded' || mergeStatus === 'notSet')
  );
}

function isRejectedByPolicy({ found, refusal }: Attempt): boolean {
  if (found.status !== 'active') return false;
  return refusal === undefined
    ? found.mergeStatus === 'rejectedByPolicy'
    : exceptionOf(refusal) === rejectedByPolicy;
}

/** Another way to merge, where the base branch does not allow merge commits. */
async function allowedStrategy(
  api: RepositoryApi,
  { repository, targetRefName }: AzurePullRequest,
  { squash }: MergeManner,
  signal: AbortSignal,
): Promise<Strategy | undefined> {
  const base = targetRefName.replace(/^refs\/heads\//, '');
  const which = { repository: repository.id, base, type: mergeTypesPolicy };
  const policies = await policiesInForce(api, which, signal);
  const allow = (strategy: Strategy): boolean => policies.every(({ settings }) => allows(settings, strategy));
  if (allow('noFastForward')) return undefined;
  const others = (['squash', 'rebaseMerge', 'rebase'] as const).filter(
    (each) => squash !== false || each !== 'squash',
  );
  return others.find(allow);
}

function allows(settings: AzurePolicy['settings'], strategy: Strategy): boolean {
  const { allowNoFastForward, allowSquash, allowRebase, allowRebaseMerge, useSquashMerge } = settings;
  const allowed = {
    ...{ noFastForward: allowNoFastForward, rebase: allowRebase, rebaseMerge: allowRebaseMerge },
    squash: allowSquash ?? useSquashMerge,
  };
  return allowed[strategy] === true;
}

function because({ found, refusal }: Attempt, expected: string): Because {
  if (found.status === 'abandoned') return 'not-allowed';
  if (found.lastMergeSourceCommit?.commitId !== expected) return 'head-moved';
  if (found.mergeStatus === 'conflicts') return 'conflict';
  return refusal?.status === 403 && exceptionOf(refusal) !== rejectedByPolicy ? 'not-allowed' : 'not-ready';
}
