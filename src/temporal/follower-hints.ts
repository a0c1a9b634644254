import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { followerId } from '../workflows/contract/ids';
import { lookSignal } from '../workflows/contract/messages';
import { callUntil } from './call-until';

/** Tells the workflows that follow pull requests when to look at their repository. */
export interface FollowerHints {
  /**
   * Resolves also where nothing follows the repository. Retries until `deadlineMs` milliseconds have passed.
   * @throws TemporalUnavailable if Temporal did not answer before the deadline
   */
  look(repository: FollowedRepository, deadlineMs: number): Promise<void>;
}

/** Hints as plain signals, which never start a workflow. */
export function createFollowerHints(client: Client): FollowerHints {
  return {
    look: (repository, deadlineMs) => {
      const follower = client.workflow.getHandle(followerId(repository));
      return callUntil(client, 'The hint could not be sent to Temporal', deadlineMs, async () => {
        try {
          await follower.signal(lookSignal);
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      });
    },
  };
}
