import {
  type PromotionProgress,
  type PromotionTask,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import { type RetrySettings } from '../domain/retry';

/** What a promotion needs to know of its hop; holds references only, since it stays in the workflow's history. */
export type Resolution =
  | {
      readonly status: 'ready';
      readonly strategy: 'pull-request' | 'notification';
      readonly manual: boolean;
      readonly application: string;
      readonly retry: RetrySettings;
      /** `suspend: true` on the Pipeline or the environment: wait. */
      readonly suspended?: boolean;
      /** Somebody wants to hear of the promotion's progress. */
      readonly reported?: boolean;
    }
  /** The pipeline is gone, or no longer has this hop. */
  | { readonly status: 'ignored'; readonly reason: string };

export type PullRequestResult =
  | PullRequestOpened
  | { readonly state: 'unchanged' }
  | { readonly state: 'superseded'; readonly by: string }
  | { readonly state: 'ignored'; readonly reason: string };

/** The activities of a promotion. Each throws an ApplicationFailure whose type is a FailureCode. */
export interface PromotionActivities {
  resolvePromotion(task: PromotionTask): Promise<Resolution>;
  openPullRequest(task: PromotionTask): Promise<PullRequestResult>;
  withdrawPullRequest(task: PromotionTask): Promise<{ readonly url?: string }>;
  notify(task: PromotionTask): Promise<void>;
  reportProgress(task: PromotionTask, progress: PromotionProgress): Promise<void>;
}
