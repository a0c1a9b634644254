import { type Client, WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { failureCodes, type FailureCode } from '../domain/errors';
import { keyword } from '../domain/names';
import { formatPipelineRef, type PipelineRef } from '../domain/pipeline';
import { type PromotionEnd, type PromotionOutcome } from '../domain/promotion';
import { pipelineAttribute, promotionWorkflow, type PromotionMemo } from '../workflows/messages';
import { type LaneActivities, type RunningPromotion } from './lane-activities';

/** What a lane asks Temporal about promotions that it did not start itself. */
export function createLaneActivities(client: Client): LaneActivities {
  return {
    async findRunningPromotions({ pipeline, environment }) {
      const found = [];
      for await (const running of listRunningPromotions(client, pipeline)) {
        // Not asked of the server: SQL visibility finds no value with a double quote or a backslash in it.
        if (running.task.to === environment) found.push(running);
      }
      return found;
    },

    async awaitPromotion(workflowId) {
      const promotion = client.workflow.getHandle(workflowId);
      try {
        const { status } = await promotion.describe();
        if (status.name === 'RUNNING') throw stillRunning();
        return (await promotion.result()) as PromotionOutcome;
      } catch (error) {
        if (error instanceof WorkflowFailedError) return endOf(error.cause);
        // It ended so long ago that Temporal has forgotten it.
        if (error instanceof WorkflowNotFoundError) return { state: 'cancelled' };
        throw error;
      }
    },
  };
}

/** The promotions of a pipeline that run now; from visibility, so seconds old. */
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
    if (memo?.task !== undefined) yield { workflowId: execution.workflowId, task: memo.task };
  }
}

/**
 * Makes the server ask again, by the activity's retry policy. An attempt that waited instead would hold one of the
 * worker's places, for as long as the promotion waits for its approval.
 */
function stillRunning(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'still-running',
    message: 'The promotion still runs: asked again later.',
    category: 'BENIGN',
  });
}

function endOf(cause: Error | undefined): PromotionEnd {
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) return { state: 'cancelled' };
  const code =
    cause instanceof ApplicationFailure
      ? (Object.keys(failureCodes) as FailureCode[]).find((known) => known === cause.type)
      : undefined;
  return { state: 'failed', code: code ?? 'unknown', message: cause?.message ?? 'The promotion failed.' };
}

/** A string literal of Temporal's list filter, for a Kubernetes name. */
function quote(name: string): string {
  return `'${name}'`;
}
