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
