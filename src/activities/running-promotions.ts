import { Context } from '@temporalio/activity';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { failureCodes, type FailureCode } from '../domain/errors';
import { keyword } from '../domain/names';
import { formatPipelineRef } from '../domain/pipeline';
import { type PromotionEnd, type PromotionOutcome } from '../domain/promotion';
import {
  environmentAttribute,
  pipelineAttribute,
  promotionWorkflow,
  type PromotionMemo,
} from '../workflows/messages';
import { type LaneActivities } from './lane-activities';
import { runAttempt } from './attempt';

/** What a lane asks Temporal about promotions that it did not start itself. */
export function createLaneActivities(client: Client): LaneActivities {
  return {
    async findRunningPromotions({ pipeline, environment }) {
      const query = [
        `WorkflowType = ${quote(promotionWorkflow)}`,
        `ExecutionStatus = 'Running'`,
        `${pipelineAttribute.name} = ${quote(keyword(formatPipelineRef(pipeline)))}`,
        `${environmentAttribute.name} = ${quote(keyword(environment))}`,
      ].join(' AND ');
      const found = [];
      for await (const execution of client.workflow.list({ query })) {
        const memo = execution.memo as Partial<PromotionMemo> | undefined;
        if (memo?.task !== undefined) found.push({ workflowId: execution.workflowId, task: memo.task });
      }
      return found;
    },

    awaitPromotion: (workflowId) =>
      runAttempt(async (): Promise<PromotionEnd> => {
        try {
          const ended = client.workflow.getHandle(workflowId).result() as Promise<PromotionOutcome>;
          // `cancelled` never resolves: it rejects when the worker shuts down.
          return await Promise.race([ended, Context.current().cancelled]);
        } catch (error) {
          if (error instanceof WorkflowFailedError) return endOf(error.cause);
          throw error;
        }
      }),
  };
}

function endOf(cause: Error | undefined): PromotionEnd {
  if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure) return { state: 'cancelled' };
  const code =
    cause instanceof ApplicationFailure
      ? (Object.keys(failureCodes) as FailureCode[]).find((known) => known === cause.type)
      : undefined;
  return { state: 'failed', code: code ?? 'unknown', message: cause?.message ?? 'The promotion failed.' };
}

/** A string literal of Temporal's list filter. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
