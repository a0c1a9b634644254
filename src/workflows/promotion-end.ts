import { ApplicationFailure, ChildWorkflowFailure, isCancellation } from '@temporalio/workflow';
import { failureCodes, type FailureCode } from '../domain/errors';
import { type PromotionEnd } from '../domain/promotion/promotion';

/** How a promotion ended whose result is this error. */
export function failedEnd(error: unknown): PromotionEnd {
  if (isCancellation(error)) return { state: 'cancelled' };
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const code =
      (Object.keys(failureCodes) as FailureCode[]).find((known) => known === cause.type) ?? 'unknown';
    return { state: 'failed', code, message: cause.message };
  }
  if (cause?.constructor.name === 'TerminatedFailure') return { state: 'cancelled' };
  return {
    state: 'failed',
    code: 'unknown',
    message: cause instanceof Error ? cause.message : String(cause),
  };
}
