import { type Client, WorkflowFailedError } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { failureCodes, type FailureCode } from '../domain/errors';
import { type PromotionEnd, type PromotionOutcome } from '../domain/promotion/promotion';
import { listRunningPromotions } from '../temporal/running-promotions';
import { type LaneActivities } from './lane-activities';

/** Queries about promotions that a lane did not start itself. */
export function createPromotionQueries(
  client: Client,
): Pick<LaneActivities, 'findRunningPromotions' | 'promotionEnd' | 'awaitPromotion'> {
  return {
    async findRunningPromotions({ pipeline, environment }) {
      const found = [];
      for await (const running of listRunningPromotions(client, pipeline)) {
        // Filtered here: SQL visibility does not find values with a double quote or a backslash.
        if (running.task.to === environment) found.push(running);
      }
      return found;
    },

    promotionEnd: (workflowId) => promotionEnd(client, workflowId),

    async awaitPromotion(workflowId) {
      const end = await promotionEnd(client, workflowId);
      if (end === undefined) throw stillRunning();
      return end;
    },
  };
}

async function promotionEnd(client: Client, workflowId: string): Promise<PromotionEnd | undefined> {
  const promotion = client.workflow.getHandle(workflowId);
  try {
    const { status } = await promotion.describe();
    return status.name === 'RUNNING' ? undefined : ((await promotion.result()) as PromotionOutcome);
  } catch (error) {
    if (error instanceof WorkflowFailedError) return endOf(error.cause);
    // Temporal has already deleted its history.
    if (error instanceof WorkflowNotFoundError) return { state: 'cancelled' };
    throw error;
  }
}

/**
 * Makes the server retry, with the activity's retry policy. An attempt that waited instead would occupy one of the
 * worker's slots as long as the promotion waits for its approval.
 */
function stillRunning(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'still-running',
    message: 'The promotion is still running: retried later.',
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
