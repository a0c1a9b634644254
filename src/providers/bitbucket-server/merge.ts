import { type MergeManner, type MergeOutcome, type PullRequestProvider } from '../port';
import { WindlassError } from '../../domain/errors';
import { ApiRefusal } from '../rest/refusal';
import { atItsVersion, branchHead, isOutOfDate } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type BitbucketPullRequest, pullRequestSchema, refusalSchema, settingsSchema } from './schema';

/** In this order: a repository may allow only some of them. */
const squashStrategies = ['squash', 'squash-ff-only'];
const maxWords = 500;

type NotMerged = Extract<MergeOutcome, { readonly merged: false }>;

/**
 * Bitbucket merges at a version of the pull request, which a push does not change, and takes no commit to expect: the head
 * is read right before. What is pushed between the two is merged with it: the answer says at which head.
 */
export function mergeOn(api: RepositoryApi): PullRequestProvider['merge'] {
  return ({ number }, { head, manner }, signal) =>
    atItsVersion(api, number, signal, async (present) => {
      const outcome = endedOutcome(present, head) ?? (await mergeAt(api, present, { head, manner }, signal));
      if (outcome.merged && manner.deleteBranch === true) await deleteBranch(api, present, head, signal);
      return outcome;
    });
}

function endedOutcome(present: BitbucketPullRequest, head: string): MergeOutcome | undefined {
  const { state, draft } = present;
  if (state === 'MERGED') return mergedOutcome(present, head);
  if (state === 'DECLINED') return notMerged('not-allowed', 'This pull request is declined.');
  return draft === true ? notMerged('not-ready', 'This pull request is a draft.') : undefined;
}

/** What was merged with a later push is not what was asked for: its followers have to look at the head that it has. */
function mergedOutcome({ fromRef }: BitbucketPullRequest, head: string): MergeOutcome {
  const at = fromRef.latestCommit;
  return at === head
    ? { merged: true }
    : notMerged('head-moved', `It was merged at ${at}, and not at ${head}.`);
}

async function mergeAt(
  api: RepositoryApi,
  present: BitbucketPullRequest,
  { head, manner }: { readonly head: string; readonly manner: MergeManner },
  signal: AbortSignal,
): Promise<MergeOutcome> {
  const { client, route } = api;
  // The branch itself as well: Bitbucket brings its pull requests up to date only after a push.
  const at = [present.fromRef.latestCommit, await branchHead(api, branchOf(present), signal)];
  const moved = at.find((commit) => commit !== head);
  if (at.includes(undefined) || moved !== undefined) {
    return notMerged('head-moved', `${branchOf(present)} is at ${moved ?? 'no commit'}.`);
  }
  const strategyId = manner.squash === undefined ? undefined : await strategyThat(api, manner.squash, signal);
  if (manner.squash !== undefined && strategyId === undefined) {
    const what = manner.squash ? 'the merge strategy Squash' : 'a merge strategy other than Squash';
    return notMerged('not-allowed', `The repository does not allow ${what}.`);
  }
  const query = { version: String(present.version) };
  const body = strategyId === undefined ? {} : { strategyId };
  try {
    const merge = route('POST', `pull-requests/${present.id}/merge`, { query, body });
    return mergedOutcome(await client.request(pullRequestSchema, merge, signal), head);
  } catch (error) {
    return refusedOutcome(error);
  }
}

/** @throws what it is given, where that does not say why the pull request is not merged */
function refusedOutcome(error: unknown): NotMerged {
  if (!(error instanceof ApiRefusal) || isOutOfDate(error)) throw error;
  const { code, status, words } = error;
  if (code === 'forbidden') return notMerged('not-allowed', words);
  if (status !== 409) throw error;
  const [first] = refusalSchema.parse(error.body);
  if (first?.conflicted === true) return notMerged('conflict', words);
  // As the strategies ff-only and squash-ff-only have it.
  if (/fast[- ]forward/i.test(words)) return notMerged('behind', words);
  const lasts = /archived|strategy|e-?mail/i.test(words);
  return notMerged(lasts ? 'not-allowed' : 'not-ready', words);
}

function notMerged(because: NotMerged['because'], words: string): NotMerged {
  return { merged: false, because, words: words.slice(0, maxWords) };
}

/** @returns the default one, if it can be; undefined where the repository allows none */
async function strategyThat(
  { client, route }: RepositoryApi,
  squashes: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const settings = await client.request(settingsSchema, route('GET', 'settings/pull-requests'), signal);
  const { strategies, defaultStrategy } = settings.mergeConfig;
  const enabled = strategies.filter((each) => each.enabled).map(({ id }) => id);
  if (squashes) return squashStrategies.find((id) => enabled.includes(id));
  const others = enabled.filter((id) => !squashStrategies.includes(id));
  return others.find((id) => id === defaultStrategy?.id) ?? others[0];
}

/** Only at the commit that was merged: a later push to the branch stays. What fails does not undo the merge: the branch stays. */
async function deleteBranch(
  { client, route }: RepositoryApi,
  present: BitbucketPullRequest,
  head: string,
  signal: AbortSignal,
): Promise<void> {
  const body = { name: present.fromRef.id, endPoint: head, dryRun: false };
  try {
    await client.send(route('DELETE', 'branches', { of: 'branch-utils', body }), signal);
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
  }
}

function branchOf({ fromRef }: BitbucketPullRequest): string {
  return fromRef.id.replace(/^refs\/heads\//, '');
}
