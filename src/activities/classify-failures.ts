import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { type ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type Logger } from 'pino';
import { WindlassError } from '../domain/errors';
import { gatesClosed } from '../workflows/contract/messages';
import { GatesClosed } from './gates-closed';

/**
 * The only place that converts an error into a Temporal failure: its type is the failure code, its message the sentence
 * for the operator. An unclassified error is a bug of Windlass: it is logged in full but reported in general terms,
 * because its text may contain anything.
 */
export function classifyFailures(log: Logger): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const context = Context.current();
      try {
        return await next(input);
      } catch (error) {
        // An attempt interrupted by a shutdown is repeated by another worker and does not count as a failure.
        if (error instanceof CancelledFailure || context.cancellationSignal.aborted) {
          throw error instanceof CancelledFailure
            ? error
            : new CancelledFailure('The attempt was cancelled.');
        }
        // Thrown on purpose, as an answer to the workflow.
        if (error instanceof ApplicationFailure) throw error;
        if (error instanceof GatesClosed) throw asAnswer(error);
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

function asAnswer({ message }: GatesClosed): ApplicationFailure {
  return ApplicationFailure.create({ type: gatesClosed, message, nonRetryable: true, category: 'BENIGN' });
}

function asApplicationFailure(error: unknown): ApplicationFailure {
  const failure =
    error instanceof WindlassError
      ? error
      : new WindlassError('internal', `Unexpected internal error: ${nameOf(error)} in an activity.`);
  return ApplicationFailure.create({
    type: failure.code,
    message: failure.message,
    nonRetryable: !failure.retryable,
    ...(failure.retryAfterMs === undefined
      ? {}
      : // The delay is for activities that the server repeats; workflows that repeat themselves read the detail.
        { details: [{ retryAfterMs: failure.retryAfterMs }], nextRetryDelay: failure.retryAfterMs }),
  });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Unknown error';
}
