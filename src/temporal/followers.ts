import { type Client } from '@temporalio/client';
import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { followerId, followerWorkflow, taskQueue } from '../workflows/contract/ids';
import { type FollowedPromotion, type FollowerStart, followSignal } from '../workflows/contract/messages';
import { summaryText } from '../workflows/contract/summary';

/**
 * The repository's follower signals the promotion when its pull request is merged or closed; starts the follower if there is none.
 * Can be repeated.
 */
export async function followPullRequest(
  client: Client,
  repository: FollowedRepository,
  promotion: FollowedPromotion,
): Promise<void> {
  const start: FollowerStart = { repository };
  await client.workflow.signalWithStart(followerWorkflow, {
    taskQueue,
    workflowId: followerId(repository),
    args: [start],
    signal: followSignal,
    signalArgs: [promotion],
    staticSummary: summaryText(`${repository.namespace}: open pull requests of ${repository.url}`),
  });
}
