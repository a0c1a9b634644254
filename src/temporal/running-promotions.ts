import { type Client } from '@temporalio/client';
import { keyword } from '../workflows/contract/search-attributes';
import { formatPipelineRef, type PipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { pipelineAttribute, stateAttribute } from '../workflows/contract/search-attributes';
import { promotionWorkflow } from '../workflows/contract/ids';
import { type PromotionMemo } from '../workflows/contract/messages';

export interface RunningPromotion {
  readonly workflowId: string;
  readonly task: PromotionTask;
  /** Its WindlassState. */
  readonly state?: string;
}

/** The running promotions of a pipeline; from visibility, so a few seconds old. */
export async function* listRunningPromotions(
  client: Client,
  pipeline: PipelineRef,
): AsyncGenerator<RunningPromotion> {
  const query = [
    `WorkflowType = ${quote(promotionWorkflow)}`,
    `ExecutionStatus = 'Running'`,
    `${pipelineAttribute.name} = ${quote(keyword(formatPipelineRef(pipeline)))}`,
  ].join(' AND ');
  for await (const execution of client.workflow.list({ query })) {
    const memo = execution.memo as Partial<PromotionMemo> | undefined;
    if (memo?.task === undefined) continue;
    const state = execution.typedSearchAttributes.get(stateAttribute);
    yield { workflowId: execution.workflowId, task: memo.task, ...(state === undefined ? {} : { state }) };
  }
}

/** A string literal of Temporal's list filter, for a Kubernetes name. */
function quote(name: string): string {
  return `'${name}'`;
}
