import { type FollowedRepository } from '../domain/promotion/followed-repository';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { type FollowedPromotion } from '../workflows/contract/messages';
import { type SeenPullRequests } from '../providers/port';

export interface PullRequestLook {
  /** Those that may have changed; an open one only where its head is not the known one, or it has conflicts. */
  readonly states: readonly PullRequestState[];
  /** What to pass next time. */
  readonly seen: SeenPullRequests;
  /** Workflow ids of the promotions whose Pipeline is gone, or no longer promotes that way into this repository. */
  readonly abandoned: readonly string[];
}

/** The activities of a follower. Each throws an ApplicationFailure whose type is a FailureCode. */
export interface FollowerActivities {
  /** @returns what may have changed since `seen`; without it, how everything stands */
  lookAtPullRequests(
    repository: FollowedRepository,
    followed: readonly FollowedPromotion[],
    seen?: SeenPullRequests,
  ): Promise<PullRequestLook>;
}
