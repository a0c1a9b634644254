import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { WindlassError } from '../../domain/errors';
import { findHopBetween, formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type SeenPullRequests } from '../../providers/port';
import { type PipelineStore } from '../../store/pipeline-store';
import { type FollowedPromotion } from '../../workflows/contract/messages';
import { type PullRequestLook } from '../follower-activities';
import { connectProvider } from './connect-provider';
import { type PullRequestDependencies } from './pull-request-context';

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
  return { ...changes, abandoned };
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
