/**
 * Passes a promotion's trace on to its activities, as Temporal's own interceptors do, and adds it to its lines of the log.
 * None of this changes what a history replays: Temporal does not compare headers.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { type WorkflowInterceptors, workflowInfo } from '@temporalio/workflow';
import { type PromotionTask } from '../domain/promotion/promotion';
import { readTraceparent } from '../domain/traceparent';
import { promotionWorkflow } from './contract/ids';
import { traceHeader } from './contract/trace-header';
import { traceMessage, traceOf } from './tracing';

/** The bundle of workflow code registers it by this name. */
export function interceptors(): WorkflowInterceptors {
  let task: PromotionTask | undefined;
  const headers = (before: Headers): Headers => {
    const traceparent = task?.traceparent;
    if (traceparent === undefined) return before;
    return { ...before, [traceHeader]: defaultPayloadConverter.toPayload({ traceparent }) };
  };
  /** @param name of a message, whose second argument is the trace of its sender */
  const heard = (name: string, [, sent]: readonly unknown[]): void => {
    const { traceparent: cause } = traceOf(sent);
    if (task !== undefined && cause !== undefined) traceMessage(task, name, cause);
  };
  return {
    inbound: [
      {
        execute(input, next) {
          task = tracedTask(input.args);
          return next(input);
        },
        handleSignal(input, next) {
          heard(input.signalName, input.args);
          return next(input);
        },
        handleUpdate(input, next) {
          heard(input.name, input.args);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, headers: headers(input.headers) }),
        scheduleLocalActivity: (input, next) => next({ ...input, headers: headers(input.headers) }),
        getLogAttributes(input, next) {
          const traceId = readTraceparent(task?.traceparent)?.traceId;
          return next(traceId === undefined ? input : { ...input, trace_id: traceId });
        },
      },
    ],
  };
}

function tracedTask([first]: readonly unknown[]): PromotionTask | undefined {
  if (workflowInfo().workflowType !== promotionWorkflow) return undefined;
  const { traceparent, ...task } = first as PromotionTask;
  return { ...task, ...traceOf(traceparent) };
}
