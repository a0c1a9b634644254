import { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import { type ActivityInboundCallsInterceptor, type Headers } from '@temporalio/worker';
import { enterSpan } from '../tracing/spans';
import { promotionWorkflow } from '../workflows/contract/ids';
import { type TraceCarrier, traceHeader } from '../workflows/contract/trace-header';

/** A span for each attempt at an activity of a promotion that has a trace. What serves many promotions has none. */
export function traceActivities(): ActivityInboundCallsInterceptor {
  return {
    execute(input, next) {
      const parent = traceparentIn(input.headers);
      if (parent === undefined) return next(input);
      const { activityType, attempt, workflowExecution, workflowType } = Context.current().info;
      const workflowId = workflowExecution?.workflowId;
      return enterSpan(
        `activity ${activityType}`,
        {
          parent,
          promotion: workflowType === promotionWorkflow ? workflowId : undefined,
          attributes: {
            'windlass.activity': activityType,
            'windlass.attempt': attempt,
            ...(workflowId === undefined ? {} : { 'windlass.promotion': workflowId }),
          },
        },
        () => next(input),
      );
    },
  };
}

function traceparentIn(headers: Headers): string | undefined {
  const payload = headers[traceHeader];
  if (payload === undefined) return undefined;
  try {
    const { traceparent } = defaultPayloadConverter.fromPayload<TraceCarrier>(payload);
    return typeof traceparent === 'string' ? traceparent : undefined;
  } catch {
    // Of someone else's making.
    return undefined;
  }
}
