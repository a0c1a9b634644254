import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { type ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type Logger } from 'pino';
import { WindlassError } from '../domain/errors';

/**
 * The one place where a fault becomes a Temporal failure: its type is the failure code, its message the sentence for
 * the operator. What is not classified is a fault of ours: logged in full, told in general, since its text may hold
 * anything.
 */
export function classifyFailures(log: Logger): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const context = Context.current();
      try {
        return await next(input);
      } catch (error) {
        // An attempt cut short by a shutdown is repeated elsewhere and counts as no failure.
        if (error instanceof CancelledFailure || context.cancellationSignal.aborted) {
          throw error instanceof CancelledFailure
            ? error
            : new CancelledFailure('The attempt was cancelled.');
        }
        // Made on purpose, as an answer to the workflow.
        if (error instanceof ApplicationFailure) throw error;
        const { workflowExecution, activityType } = context.info;
        const failure = asApplicationFailure(error);
        const fields = {
          workflowId: workflowExecution?.workflowId,
          activity: activityType,
          code: failure.type,
        };
        if (error instanceof WindlassError) log.warn(fields, error.message);
        else log.error({ ...fields, err: error }, 'unclassified failure of an activity');
        throw failure;
      }
    },
  };
}

function asApplicationFailure(error: unknown): ApplicationFailure {
  const failure =
    error instanceof WindlassError
      ? error
      : new WindlassError('internal', `${nameOf(error)} in an activity.`);
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.message,
    nonRetryable: !failure.retryable,
    details: failure.retryAfterMs === undefined ? [] : [{ retryAfterMs: failure.retryAfterMs }],
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Unknown error';
}
