import { type ChildWorkflowHandle, startChild } from '@temporalio/workflow';
import { type LaneTask } from '../domain/lane/lane-state';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { promotionIdOf } from './contract/ids';
import { type PromotionMemo } from './contract/messages';
import {
  environmentAttribute,
  keyword,
  pipelineAttribute,
  stateAttribute,
  versionAttribute,
} from './contract/search-attributes';
import { summaryText } from './contract/summary';
import { describeTask, summarize } from './descriptions';
import { promotion } from './promotion';

/**
 * In a storm, what has begun is finished before more lanes begin: they would fill the worker's cache, and each task of one that
 * has left it is a replay. The default is 3.
 */
const beforeNewLanes = { priorityKey: 2 };

/** Starts a promotion as the lane's child. */
export function startPromotion(task: LaneTask): Promise<ChildWorkflowHandle<typeof promotion>> {
  const { start, ...input } = task;
  const memo: PromotionMemo = { task: input };
  return startChild(promotion, {
    workflowId: idOf(task),
    args: [input],
    // A deployment is promoted once; only a failed or paused promotion may use its id again.
    workflowIdReusePolicy: start === 'new' ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
    // An operator who terminates the lane does not mean the pull request that is just being opened.
    parentClosePolicy: 'ABANDON',
    memo: { ...memo },
    priority: beforeNewLanes,
    typedSearchAttributes: [
      { key: pipelineAttribute, value: keyword(formatPipelineRef(task.pipeline)) },
      { key: environmentAttribute, value: keyword(task.to) },
      { key: versionAttribute, value: keyword(task.version) },
      { key: stateAttribute, value: 'resolving' },
    ],
    staticSummary: summaryText(summarize(task)),
    staticDetails: describeTask(task),
  });
}

/** Workflow id of the task's promotion. */
export function idOf(task: Omit<LaneTask, 'start'>): string {
  return promotionIdOf(task);
}
