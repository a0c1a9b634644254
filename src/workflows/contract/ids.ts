/** The names of the workflows: types, ids, task queue. Limited in length, because users choose the parts. */
import { bounded, sha256Hex } from '../../domain/names';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type PromotionTask } from '../../domain/promotion/promotion';

export const taskQueue = 'windlass-followed';
/** Of lanes that older versions began, and their promotions. Workers of those versions poll no other. */
export const unfollowedTaskQueue = 'windlass';

/** Of budgets alone: a worker of an older version does not know them, and grants must not wait behind a storm's tasks. */
export const budgetTaskQueue = 'windlass-budget';

export const budgetWorkflow = 'budget';
export const laneWorkflow = 'lane';
export const promotionWorkflow = 'promotion';
export const followerWorkflow = 'follower';
export const noticeWorkflow = 'notice';

/** Where no worker knows notices, because all are older again, they end by themselves. */
export const noticeTimeout = '7 hours';

/** Temporal's `limit.maxIDLength` is 1,000 bytes; the rest is for a suffix. */
const workflowIdBytes = 900;

/** Workflow id of the lane into `environment`. */
export function laneId(pipeline: PipelineRef, environment: string): string {
  return bounded(`lane/${formatPipelineRef(pipeline)}/${environment}`, workflowIdBytes);
}

/** Workflow id of the promotion of one deployment into `environment`. */
export function promotionId(
  pipeline: PipelineRef,
  environment: string,
  version: string,
  identity: string,
): string {
  const head = bounded(`promotion/${formatPipelineRef(pipeline)}/${environment}/${version}`, workflowIdBytes);
  return `${head}/${identity.slice(0, 12)}`;
}

/** The same of a promotion's task. */
export function promotionIdOf({
  pipeline,
  to,
  version,
  event,
}: Pick<PromotionTask, 'pipeline' | 'to' | 'version' | 'event'>): string {
  return promotionId(pipeline, to, version, event.identity);
}

/** Workflow id of what follows the pull requests of a repository. Its URL may be too long for an id, and is hashed. */
export function followerId({ namespace, secretName, url, apiUrl = '' }: FollowedRepository): string {
  const head = bounded(`follower/${namespace}/${secretName}`, workflowIdBytes);
  return `${head}/${sha256Hex(JSON.stringify([url, apiUrl])).slice(0, 12)}`;
}

/**
 * Workflow id of a notice.
 * @param subject the workflow or the object that it is about
 * @param fact short: what happened to it, once
 */
export function noticeId(subject: string, fact: string): string {
  return `${bounded(`notice/${subject}`, workflowIdBytes)}/${fact}`;
}

/**
 * Workflow id of the budget of a credential on a host.
 * @param account a digest that does not show the credential
 */
export function budgetId(host: string, account: string): string {
  return `${bounded(`budget/${host}`, workflowIdBytes)}/${account}`;
}
