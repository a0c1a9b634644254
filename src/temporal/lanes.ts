import { type Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { callUntil } from './call-until';
import { type LaneReporter } from './lane-reporter';
import { type EnvironmentFact } from '../domain/environment-fact';
import { type DeploymentEvent } from '../domain/event';
import { type PipelineRef, formatPipelineRef } from '../domain/pipeline/pipeline';
import { currentTraceparent, inSpan } from '../tracing/spans';
import { laneId, laneWorkflow } from '../workflows/contract/ids';
import { factSignal, reportSignal } from '../workflows/contract/messages';
import { laneOptions } from './lane-options';

const readinessLimitMs = 2_000;

/** The lanes as workflows in Temporal: `signalWithStart` is durable without a running worker. */
export function createLaneReporter(client: Client): LaneReporter {
  const record = async (message: LaneMessage, deadlineMs: number): Promise<{ readonly lane: string }> => {
    const lane = laneId(message.pipeline, message.into);
    const attributes = {
      'windlass.pipeline': formatPipelineRef(message.pipeline),
      'windlass.environment': message.into,
      'windlass.lane': lane,
      'windlass.signal': message.signal.name,
    };
    await inSpan('signal lane', { kind: 'client', attributes }, () =>
      callUntil(client, 'The event could not be recorded in Temporal', deadlineMs, () =>
        signalLane(client, message),
      ),
    );
    return { lane };
  };
  return {
    report: (event, into, deadlineMs) =>
      record({ pipeline: event.pipeline, into, signal: reportSignal, argument: event }, deadlineMs),

    recordFact: (pipeline, fact, into, deadlineMs) =>
      record({ pipeline, into, signal: factSignal, argument: fact }, deadlineMs),

    async ready() {
      try {
        await client.connection.withDeadline(Date.now() + readinessLimitMs, () =>
          client.workflowService.describeNamespace({ namespace: client.options.namespace }),
        );
        return true;
      } catch {
        return false;
      }
    },
  };
}

interface LaneMessage {
  readonly pipeline: PipelineRef;
  /** The environment that the lane promotes into. */
  readonly into: string;
  readonly signal: typeof reportSignal | typeof factSignal;
  readonly argument: DeploymentEvent | EnvironmentFact;
}

/** The first lane of its id need not ask which promotions run: a storm of such questions exceeds what a server answers. */
async function signalLane(client: Client, message: LaneMessage): Promise<void> {
  try {
    await signalOrStart(client, message, true);
  } catch (error) {
    // An earlier lane of that id has ended.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await signalOrStart(client, message, false);
  }
}

/** @param first start it only if there was none before */
async function signalOrStart(
  client: Client,
  { pipeline, into, signal, argument }: LaneMessage,
  first: boolean,
): Promise<void> {
  const traceparent = currentTraceparent();
  await client.workflow.signalWithStart(laneWorkflow, {
    ...laneOptions(pipeline, into, first),
    signal: signal.name,
    signalArgs: [argument, ...(traceparent === undefined ? [] : [traceparent])],
  });
}
