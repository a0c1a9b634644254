import { getExternalWorkflowHandle, log, type SignalDefinition } from '@temporalio/workflow';
import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { followerId } from './contract/ids';

/** Signals the follower of a repository. If it does not run, the next pull request to follow starts it. */
export async function tellFollower<Args extends unknown[]>(
  repository: FollowedRepository,
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  try {
    await getExternalWorkflowHandle(followerId(repository)).signal(signal, ...args);
  } catch (error) {
    log.info('no follower takes the signal', { signal: signal.name, error: String(error) });
  }
}
