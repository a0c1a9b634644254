import { keyword, environmentAttribute, pipelineAttribute } from '../workflows/contract/search-attributes';
import { laneId, taskQueue } from '../workflows/contract/ids';
import { drainSignal, type LaneStart, retrySignal } from '../workflows/contract/messages';
import { summaryText } from '../workflows/contract/summary';
import { type PipelineRef, formatPipelineRef } from '../domain/pipeline/pipeline';

/** For the operator in the Temporal Web UI, in Markdown. */
const laneDetails = [
  'Promotes one version at a time; a newer version supersedes an older one, or waits behind it. Runs as long as the pipeline exists.',
  '',
  `- The signal \`${retrySignal.name}\` runs the last failed promotion again.`,
  `- The signal \`${drainSignal.name}\` ends the lane when no promotion is in progress; the next event starts it again.`,
].join('\n');

/**
 * How a lane is started.
 * @param into the environment that it promotes into
 * @param first Temporal knows no earlier lane of this id, see `LaneStart`
 */
export function laneOptions(pipeline: PipelineRef, into: string, first: boolean) {
  const start: LaneStart = {
    pipeline: { namespace: pipeline.namespace, name: pipeline.name },
    environment: into,
    followed: true,
    ...(first ? { first } : {}),
  };
  const name = formatPipelineRef(pipeline);
  return {
    taskQueue,
    workflowId: laneId(pipeline, into),
    args: [start],
    workflowIdReusePolicy: first ? ('REJECT_DUPLICATE' as const) : ('ALLOW_DUPLICATE' as const),
    typedSearchAttributes: [
      { key: pipelineAttribute, value: keyword(name) },
      { key: environmentAttribute, value: keyword(into) },
    ],
    staticSummary: summaryText(`${name}: promotions into ${into}`),
    staticDetails: laneDetails,
  };
}
