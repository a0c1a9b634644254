/**
 * What of a workflow is in its trace: moments, since a span would last as long as people take to decide. The worker makes them,
 * outside the workflow; never during a replay.
 */
import { proxySinks, type Sinks, workflowInfo } from '@temporalio/workflow';
import { type LaneInput } from '../domain/lane/lane-input';
import { type LaneState } from '../domain/lane/lane-state';
import { type LaneStep } from '../domain/lane/lane-step';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask, type PromotionTimes } from '../domain/promotion/promotion';
import { readTraceparent, formatTraceparent } from '../domain/traceparent';

/** A span that has ended. */
export interface TracedMoment {
  /** A `traceparent`. */
  readonly parent: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** `traceparent`s. */
  readonly links?: readonly string[];
}

export interface TraceSinks extends Sinks {
  traces: { happened(name: string, moment: TracedMoment): void };
}

const { traces } = proxySinks<TraceSinks>();

/** @param sent what should be a `traceparent`; anyone can have written it */
export function traceOf(sent: unknown): { readonly traceparent?: string } {
  const read = readTraceparent(sent);
  return read === undefined ? {} : { traceparent: formatTraceparent(read) };
}

/** Since when a state is true, where that is not the moment in which the workflow learns it. */
const sinceWhen: Readonly<Record<string, keyof PromotionTimes>> = {
  'pull-request': 'proposedAt',
  merged: 'mergedAt',
  'merged-outside-gates': 'mergedAt',
  notified: 'notifiedAt',
  deployed: 'deployedAt',
};

/** A promotion shows another state. */
export function traceState(
  task: PromotionTask,
  standing: PromotionTimes & { readonly state: string; readonly code?: string },
): void {
  const { state, code } = standing;
  const time = sinceWhen[state];
  happened(task, `promotion ${state}`, {
    attributes: { 'windlass.state': state, ...(code === undefined ? {} : { 'windlass.code': code }) },
    ...(time === undefined ? {} : { from: standing[time] }),
  });
}

/** A request has sent a message to a promotion, in a trace of its own. */
export function traceMessage(task: PromotionTask, name: string, cause: string): void {
  happened(task, `promotion ${name}`, { attributes: {}, links: [cause] });
}

/** A lane has looked at an event. */
export function traceReport(
  { pipeline, environment }: LaneState,
  { event, traceparent }: Extract<LaneInput, { type: 'event' }>,
  { dropped }: LaneStep,
): void {
  if (traceparent === undefined) return;
  const now = Date.now();
  traces.happened('lane decided', {
    parent: traceparent,
    attributes: {
      'windlass.pipeline': formatPipelineRef(pipeline),
      'windlass.environment': environment,
      'windlass.version': event.version,
      'windlass.lane': workflowInfo().workflowId,
      'windlass.decision': dropped?.reason ?? 'promote',
    },
    from: now,
    to: now,
  });
}

function happened(
  task: PromotionTask,
  name: string,
  moment: Pick<TracedMoment, 'attributes' | 'links'> & { readonly from?: number | undefined },
): void {
  const { traceparent: parent, pipeline, to: environment, version, action } = task;
  if (parent === undefined) return;
  const to = Date.now();
  traces.happened(name, {
    ...moment,
    parent,
    attributes: {
      'windlass.pipeline': formatPipelineRef(pipeline),
      'windlass.environment': environment,
      'windlass.version': version,
      'windlass.action': action,
      'windlass.promotion': workflowInfo().workflowId,
      ...moment.attributes,
    },
    from: moment.from ?? to,
    to,
  });
}
