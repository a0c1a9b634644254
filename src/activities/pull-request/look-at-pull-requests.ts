import {
  followedRepository,
  type FollowedRepository,
  referenceKey,
} from '../../domain/promotion/followed-repository';
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
 * The states of the followed pull requests of a repository. Nothing is asked of one that no Pipeline of them names any more,
 * or ever did: a client of Temporal can have any followed.
 * @throws WindlassError
 */
export async function lookAtPullRequests(
  dependencies: PullRequestDependencies,
  repository: FollowedRepository,
  followed: readonly FollowedPromotion[],
  seen: SeenPullRequests | undefined,
  signal: AbortSignal,
): Promise<PullRequestLook> {
  const { abandoned, isNamed, unknown } = await standingOf(dependencies.store, repository, followed);
  if (!isNamed && unknown !== undefined) throw unknown;
  if (!isNamed) return { seen: seen ?? {}, states: [], abandoned };
  const { provider } = connectProvider(dependencies, repository);
  const numbers = [...new Set(followed.map(({ number }) => number))];
  const changes = await provider.changes({ numbers, ...(seen === undefined ? {} : { seen }) }, signal);
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

interface Standing {
  /** Workflow ids of those whose Pipeline does not promote that way, or into that repository, any more. */
  readonly abandoned: readonly string[];
  /** A Pipeline names the repository for one of them. */
  readonly isNamed: boolean;
  /** Why it is not known of one of them: its Pipeline is invalid, or cannot be read. */
  readonly unknown: WindlassError | undefined;
}

async function standingOf(
  store: PipelineStore,
  repository: FollowedRepository,
  followed: readonly FollowedPromotion[],
): Promise<Standing> {
  const hops = new Map<string, Promise<boolean | WindlassError>>();
  const names = ({ pipeline, from, to }: FollowedPromotion): Promise<boolean | WindlassError> => {
    const key = JSON.stringify([formatPipelineRef(pipeline), from, to]);
    const known = hops.get(key) ?? lookUp(store, repository, { pipeline, from, to });
    hops.set(key, known);
    return known;
  };
  const found = await Promise.all(followed.map(async (each) => ({ each, named: await names(each) })));
  return {
    abandoned: found.filter(({ named }) => named === false).map(({ each }) => each.workflowId),
    isNamed: found.some(({ named }) => named === true),
    unknown: found.map(({ named }) => named).find((named) => named instanceof WindlassError),
  };
}

/** Whether the hop's Pipeline names exactly this repository. */
async function lookUp(
  store: PipelineStore,
  repository: FollowedRepository,
  { pipeline: ref, from, to }: Pick<FollowedPromotion, 'pipeline' | 'from' | 'to'>,
): Promise<boolean | WindlassError> {
  try {
    const pipeline = await store.pipeline(ref);
    const strategy = pipeline && findHopBetween(pipeline, from, to)?.promotion.strategy;
    if (strategy?.kind !== 'pull-request') return false;
    return referenceKey(followedRepository(ref.namespace, strategy)) === referenceKey(repository);
  } catch (error) {
    if (error instanceof WindlassError) return error;
    throw error;
  }
}
