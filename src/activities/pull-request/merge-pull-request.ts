import { findHopBetween } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type ChecksState, type MergeManner } from '../../providers/port';
import { type MergeablePullRequest, type MergeResult } from '../promotion-activities';
import { type MayAct, requireMayAct } from '../require-may-act';
import { connectNamedProvider, type NamedProviderDependencies } from './connect-provider';
import { mergeManner } from './merge-manner';

type NotMerged = Extract<MergeResult, { state: 'not-merged' }>;

const missingChecks: Readonly<Record<Exclude<ChecksState, 'passed'>, NotMerged>> = {
  none: {
    state: 'not-merged',
    because: 'no-checks',
    words: 'It has no checks. Windlass merges only what at least one check has passed.',
  },
  pending: { state: 'not-merged', because: 'checks-pending', words: 'Its checks are in progress.' },
  failed: { state: 'not-merged', because: 'checks-failed', words: 'A check of it failed.' },
};

/**
 * Merges a pull request if it has exactly the one commit that Windlass made, `opened.head`, and its checks have passed. Ids
 * tell whose commit it is: a message can be copied.
 * Whatever may happen in between is checked by the provider, which merges at that head only.
 * @throws WindlassError; GatesClosed where the environment is suspended or frozen meanwhile
 */
export async function mergePullRequest(
  dependencies: NamedProviderDependencies & MayAct,
  task: PromotionTask,
  { number, head, repository, capability }: MergeablePullRequest,
  signal: AbortSignal,
): Promise<MergeResult> {
  if (repository === undefined || head === undefined) {
    return { state: 'not-merged', because: 'not-allowed', words: 'Its commit is not known.' };
  }
  const { provider } = await connectNamedProvider(dependencies, repository);
  const { states } = await provider.changes({ numbers: [number] }, signal);
  const found = states.find((state) => state.number === number);
  // Merged at another commit, no approval is for what was merged: the follower reports it as a merge by a person.
  const isOther = found?.state === 'merged' && found.head !== undefined && found.head !== head;
  if (found !== undefined && found.state !== 'open' && !isOther) {
    const { state, by, at } = found;
    return { state, ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) };
  }
  if (found?.head !== head) {
    return { state: 'not-merged', because: 'head-moved', words: 'Its branch has another commit by now.' };
  }
  const commits = await provider.commits({ number }, signal);
  if (commits.length === 0) {
    return { state: 'not-merged', because: 'not-ready', words: 'The service does not list its commits yet.' };
  }
  const stranger = commits.find(({ id }) => id !== head);
  if (stranger !== undefined) {
    return {
      state: 'not-merged',
      because: 'commits-of-others',
      words: `The commit ${stranger.id} is not this promotion's: a person must merge it.`,
    };
  }
  const checks = await provider.checks(head, signal, { number });
  if (checks !== 'passed') return missingChecks[checks];
  await requireMayAct(dependencies, task, { head, proposed: capability });
  const manner = await mannerOf(dependencies.store, task);
  const outcome = await provider.merge({ number }, { head, manner }, signal);
  if (outcome.merged) return { state: 'merged', at: Date.now() };
  return { state: 'not-merged', because: outcome.because, words: outcome.words };
}

/** Of the Pipeline as it is now. */
async function mannerOf(
  store: MayAct['store'],
  { pipeline: ref, from, to }: PromotionTask,
): Promise<MergeManner> {
  const pipeline = await store.pipeline(ref);
  const strategy = pipeline && findHopBetween(pipeline, from, to)?.promotion.strategy;
  return strategy?.kind === 'pull-request' ? mergeManner(strategy) : {};
}
