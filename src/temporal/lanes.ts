import { type Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { callUntil } from './call-until';
import { type LaneReporter } from './lane-reporter';
import { type EnvironmentFact } from '../domain/environment-fact';
import { type DeploymentEvent } from '../domain/event';
import { keyword } from '../workflows/contract/search-attributes';
import { laneId } from '../workflows/contract/ids';
import { summaryText } from '../workflows/contract/summary';
import { type PipelineRef, formatPipelineRef } from '../domain/pipeline/pipeline';
import {
  drainSignal,
  factSignal,
  type LaneStart,
  reportSignal,
  retrySignal,
} from '../workflows/contract/messages';
import { environmentAttribute, pipelineAttribute } from '../workflows/contract/search-attributes';
import { laneWorkflow, taskQueue } from '../workflows/contract/ids';

const readinessLimitMs = 2_000;

/** The lanes as workflows in Temporal: `signalWithStart` is durable without a running worker. */
export function createLaneReporter(client: Client): LaneReporter {
  const record = async (message: LaneMessage, deadlineMs: number): Promise<{ readonly lane: string }> => {
    const lane = laneId(message.pipeline, message.into);
    await callUntil(client, 'The event could not be recorded in Temporal', deadlineMs, () =>
      signalLane(client, lane, message),
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

/** For the operator in the Temporal Web UI, in Markdown. */
const laneDetails = [
  'Promotes one version at a time; a newer version supersedes an older one, or waits behind it. Runs as long as the pipeline exists.',
  '',
  `- The signal \`${retrySignal.name}\` runs the last failed promotion again.`,
  `- The signal \`${drainSignal.name}\` ends the lane when no promotion is in progress; the next event starts it again.`,
].join('\n');

interface LaneMessage {
  readonly pipeline: PipelineRef;
  /** The environment that the lane promotes into. */
  readonly into: string;
  readonly signal: typeof reportSignal | typeof factSignal;
  readonly argument: DeploymentEvent | EnvironmentFact;
}

/** The first lane of its id need not ask which promotions run: a storm of such questions exceeds what a server answers. */
async function signalLane(client: Client, lane: string, message: LaneMessage): Promise<void> {
  try {
    await signalOrStart(client, lane, message, true);
  } catch (error) {
    // An earlier lane of that id has ended.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await signalOrStart(client, lane, message, false);
  }
}

/** @param first start it only if there was none before */
async function signalOrStart(
  client: Client,
  lane: string,
  { pipeline, into, signal, argument }: LaneMessage,
  first: boolean,
): Promise<void> {
  const start: LaneStart = {
    pipeline: { namespace: pipeline.namespace, name: pipeline.name },
    environment: into,
    followed: true,
    ...(first ? { first } : {}),
  };
  const name = formatPipelineRef(pipeline);
  await client.workflow.signalWithStart(laneWorkflow, {
    taskQueue,
    workflowId: lane,
    args: [start],
    workflowIdReusePolicy: first ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
    signal: signal.name,
    signalArgs: [argument],
    typedSearchAttributes: [
      { key: pipelineAttribute, value: keyword(name) },
      { key: environmentAttribute, value: keyword(into) },
    ],
    staticSummary: summaryText(`${name}: promotions into ${into}`),
    staticDetails: laneDetails,
  });
}
