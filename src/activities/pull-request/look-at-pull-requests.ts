import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { WindlassError } from '../../domain/errors';
import { findHopBetween, formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PullRequestProvider, type SeenPullRequests } from '../../providers/port';
import { type PipelineStore } from '../../store/pipeline-store';
import { type FollowedPromotion } from '../../workflows/contract/messages';
import { type PullRequestLook } from '../follower-activities';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { connectProvider } from './connect-provider';
import { type PullRequestDependencies } from './pull-request-context';

/** Kept in the promotion's history. */
const mostAuthors = 50;
/** Some services answer for one at a time. */
const askedForConflicts = 5;
/** A busy repository is looked at once in that time. */
const turnMs = 60_000;

/**
 * The states of the followed pull requests of a repository.
 * @throws WindlassError
 */
export async function lookAtPullRequests(
  dependencies: PullRequestDependencies,
  repository: FollowedRepository,
  followed: readonly FollowedPromotion[],
  seen: SeenPullRequests | undefined,
  signal: AbortSignal,
): Promise<PullRequestLook> {
  const { provider } = connectProvider(dependencies, repository);
  const numbers = [...new Set(followed.map(({ number }) => number))];
  const [changes, abandoned] = await Promise.all([
    provider.changes({ numbers, ...(seen === undefined ? {} : { seen }) }, signal),
    abandonedOf(dependencies.store, followed),
  ]);
  const known = new Map(followed.map((each) => [each.number, each]));
  const states: PullRequestState[] = [];
  for (const state of changes.states) {
    const { head, own } = known.get(state.number) ?? {};
    const isMoved = state.state === 'open' && head !== undefined && state.head !== head;
    if (isMoved) states.push({ ...state, authors: await authorsOf(provider, state.number, own, signal) });
    else if (state.state !== 'open') states.push(state);
  }
  const conflicts = await conflictsAmong(provider, followed, states, signal);
  return { seen: changes.seen, states: [...states, ...conflicts], abandoned };
}

/** Of all commits but the promotion's own, which its id tells: a message can be copied. */
async function authorsOf(
  provider: PullRequestProvider,
  number: number,
  own: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const commits = await provider.commits({ number }, signal);
  const others = commits.filter(({ id }) => id !== own);
  return [...new Set(others.flatMap(({ people }) => people))].slice(0, mostAuthors);
}

/** Services do not list conflicts, so a few are asked for at each look, in turn. */
async function conflictsAmong(
  provider: PullRequestProvider,
  followed: readonly FollowedPromotion[],
  changed: readonly PullRequestState[],
  signal: AbortSignal,
): Promise<readonly PullRequestState[]> {
  const isChanged = new Set(changed.map(({ number }) => number));
  const asked = followed.filter(
    ({ number, head, conflicts }) => head !== undefined && conflicts !== true && !isChanged.has(number),
  );
  const turn = inTurn(asked);
  if (turn.length === 0) return [];
  const numbers = turn.map(({ number }) => number);
  const found = new Set(await provider.conflicting(numbers, signal));
  return turn.flatMap(({ number, head }): PullRequestState[] =>
    found.has(number) && head !== undefined ? [{ number, state: 'open', head, conflicts: true }] : [],
  );
}

/** Which ones depends on the time, so that all have their turn. */
function inTurn(asked: readonly FollowedPromotion[]): readonly FollowedPromotion[] {
  if (asked.length <= askedForConflicts) return asked;
  const start = Math.floor(Date.now() / turnMs) * askedForConflicts;
  return Array.from(
    { length: askedForConflicts },
    (_, index) => asked[(start + index) % asked.length],
  ).filter((each) => each !== undefined);
}

/** Those whose Pipeline does not promote that way any more. One that cannot be read at the moment is not among them. */
async function abandonedOf(
  store: PipelineStore,
  followed: readonly FollowedPromotion[],
): Promise<readonly string[]> {
  const hops = new Map<string, Promise<boolean>>();
  const hasHop = ({ pipeline, from, to }: FollowedPromotion): Promise<boolean> => {
    const key = JSON.stringify([formatPipelineRef(pipeline), from, to]);
    const known = hops.get(key) ?? lookUp(store, { pipeline, from, to });
    hops.set(key, known);
    return known;
  };
  const found = await Promise.all(followed.map(async (each) => ({ each, there: await hasHop(each) })));
  return found.filter(({ there }) => !there).map(({ each }) => each.workflowId);
}

async function lookUp(
  store: PipelineStore,
  { pipeline, from, to }: Pick<FollowedPromotion, 'pipeline' | 'from' | 'to'>,
): Promise<boolean> {
  try {
    const found = await store.pipeline(pipeline);
    return found !== undefined && findHopBetween(found, from, to) !== undefined;
  } catch (error) {
    if (error instanceof WindlassError) return true;
    throw error;
  }
}
