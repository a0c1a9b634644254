import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type PipelineStore } from '../../store/pipeline-store';
import { type QueuedProposal } from '../promotion-activities';
import { connectNamedProvider, type NamedProviderDependencies } from './connect-provider';
import { ownOpenHead } from './own-proposal';

/**
 * Takes the pull request of a promotion out of its base branch's merge queue. Nothing where the service has no queues, and where
 * it is not open.
 * @throws WindlassError
 */
export async function leaveMergeQueue(
  dependencies: NamedProviderDependencies & {
    readonly store: NamedProviderDependencies['store'] & Pick<PipelineStore, 'pipeline'>;
  },
  repository: FollowedRepository,
  { number, hop, base }: QueuedProposal,
  signal: AbortSignal,
): Promise<void> {
  const { provider } = await connectNamedProvider(dependencies, repository);
  if (provider.leaveQueue === undefined) return;
  const head = await ownOpenHead(provider, dependencies.store, { number, hop, base }, signal);
  if (head !== undefined) await provider.leaveQueue({ number }, signal);
}
