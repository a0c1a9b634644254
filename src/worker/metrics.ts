import { type InjectedSinks } from '@temporalio/worker';
import { type WorkflowInfo } from '@temporalio/workflow';
import { LRUCache } from 'lru-cache';
import { Counter, Histogram } from 'prom-client';
import { failureCodes } from '../domain/errors';
import { overridableGates } from '../domain/gates/registry';
import { noticeKinds } from '../domain/notices/notice';
import { dropReasons } from '../domain/lane/dropped-event';
import { readSampledTraceparent } from '../domain/traceparent';
import { boundedLabel } from '../metrics/bounded-label';
import { exemplarOf, type MeasuredTrace } from '../metrics/measured-trace';
import { type MetricsRegistry } from '../metrics/registry';
import { type PromotionMemo } from '../workflows/contract/messages';
import { type NoticeSinks } from '../workflows/notice';
import { type PromotionSinks } from '../workflows/telemetry';
import { noPipelineMetrics, type PipelineMetrics } from './pipeline-metrics';

/** A task runs again within seconds. */
const rememberedSayings = 10_000;

/** Names of environments with series of their own: some hundred each. */
export const mostNames = 100;

const strategies = ['pull-request', 'notification'] as const;

const [second, minute, hour, day] = [1, 60, 3_600, 86_400];
/** An attempt takes seconds, a review hours or weeks. */
const stepBuckets = [
  ...[1, 5, 15].map((n) => n * second),
  ...[1, 5, 15].map((n) => n * minute),
  ...[1, 4, 12].map((n) => n * hour),
  ...[1, 3, 7, 30].map((n) => n * day),
];
/** From a promotion without a review to one that waits for a release train. */
const leadTimeBuckets = [
  ...[1, 5, 15, 30].map((n) => n * minute),
  ...[1, 4, 12].map((n) => n * hour),
  ...[1, 2, 4, 7, 14, 28, 56].map((n) => n * day),
];

/**
 * Counts how promotions end and which attempts fail; registered once per process.
 * @param byPipeline the same by Pipeline, where the operator wants it
 */
export function createPromotionSinks(
  registry: MetricsRegistry,
  byPipeline: PipelineMetrics = noPipelineMetrics,
): InjectedSinks<PromotionSinks & NoticeSinks> {
  const promotions = new Counter({
    name: 'windlass_promotions_total',
    help: 'Promotions that reached a terminal state.',
    labelNames: ['strategy', 'result'],
    enableExemplars: true,
    registers: [registry],
  });
  // A counter that first appears with its first failure hides that failure from rate() and increase().
  for (const strategy of [...strategies, 'none']) {
    for (const result of ['failed', 'quarantined'])
      promotions.inc({ labels: { strategy, result }, value: 0 });
  }
  const failedAttempts = new Counter({
    name: 'windlass_promotion_failed_attempts_total',
    help: 'Attempts of a promotion that failed for a classified reason.',
    labelNames: ['strategy', 'code'],
    enableExemplars: true,
    registers: [registry],
  });
  for (const strategy of strategies) {
    for (const code of Object.keys(failureCodes))
      failedAttempts.inc({ labels: { strategy, code }, value: 0 });
  }
  const steps = new Histogram({
    name: 'windlass_promotion_step_duration_seconds',
    help: 'Time that the steps of promotions took, by environment promoted into: propose (from the event), merge, deploy.',
    labelNames: ['strategy', 'environment', 'step'],
    buckets: stepBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  const leadTimes = new Histogram({
    name: 'windlass_promotion_lead_time_seconds',
    help: 'Time from the event of a promotion until all targets run the version, by environment promoted into.',
    labelNames: ['strategy', 'environment'],
    buckets: leadTimeBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  const overrides = new Counter({
    name: 'windlass_gates_overridden_total',
    help: 'Gates that people opened for one promotion.',
    labelNames: ['gate'],
    registers: [registry],
  });
  for (const gate of overridableGates) overrides.inc({ gate }, 0);
  const mergesOutsideGates = new Counter({
    name: 'windlass_merges_outside_gates_total',
    help: 'Pull requests that were merged while gates were closed.',
    registers: [registry],
  });
  const droppedEvents = new Counter({
    name: 'windlass_lane_dropped_events_total',
    help: 'Accepted events that a lane did not promote.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of Object.keys(dropReasons)) droppedEvents.inc({ reason }, 0);
  const isRepeated = onceEachRun();
  // Each author of a Pipeline names environments.
  const nameOf = boundedLabel(mostNames);
  const notices = new Counter({
    name: 'windlass_notices_total',
    help: 'Notices for people: given to the notification-controller, or given up.',
    labelNames: ['kind', 'result'],
    registers: [registry],
  });
  for (const kind of Object.keys(noticeKinds)) notices.inc({ kind, result: 'failed' }, 0);
  return {
    notices: {
      ended: { fn: (_info, kind, result) => notices.inc({ kind, result }), callDuringReplay: false },
    },
    lanes: {
      eventDropped: { fn: (_info, reason) => droppedEvents.inc({ reason }), callDuringReplay: false },
    },
    promotions: {
      ended: {
        fn: (info, strategy, result) => {
          if (isRepeated(info, 'ended')) return;
          promotions.inc({ labels: { strategy, result }, ...exemplarOf(traceOf(info)) });
          const { task } = memoOf(info);
          if (task !== undefined) byPipeline.ended(task.pipeline, task.to, result);
        },
        callDuringReplay: false,
      },
      gateOverridden: { fn: (_info, gate) => overrides.inc({ gate }), callDuringReplay: false },
      mergedOutsideGates: {
        fn: (info) => {
          if (!isRepeated(info, 'merged')) mergesOutsideGates.inc();
        },
        callDuringReplay: false,
      },
      stepDone: {
        fn: (info, strategy, environment, step, seconds) => {
          if (isRepeated(info, step)) return;
          const labels = { strategy, environment: nameOf(environment), step };
          steps.observe({ labels, value: seconds, ...exemplarOf(traceOf(info)) });
        },
        callDuringReplay: false,
      },
      deployed: {
        fn: (info, strategy, environment, seconds) => {
          if (isRepeated(info, 'deployed')) return;
          const trace = traceOf(info);
          const labels = { strategy, environment: nameOf(environment) };
          leadTimes.observe({ labels, value: seconds, ...exemplarOf(trace) });
          const { task } = memoOf(info);
          if (task !== undefined) byPipeline.deployed(task.pipeline, environment, seconds, trace);
        },
        callDuringReplay: false,
      },
      attemptFailed: {
        fn: (info, strategy, code) =>
          failedAttempts.inc({ labels: { strategy, code }, ...exemplarOf(traceOf(info)) }),
        callDuringReplay: false,
      },
    },
  };
}

/**
 * Whether a run has said this before. A workflow task that Temporal refuses, because a signal came meanwhile, runs again, and
 * is no replay: a promotion would end twice.
 */
function onceEachRun(): (info: WorkflowInfo, what: string) => boolean {
  const said = new LRUCache<string, true>({ max: rememberedSayings });
  return ({ runId }, what) => {
    const key = `${runId} ${what}`;
    const isRepeated = said.has(key);
    said.set(key, true);
    return isRepeated;
  };
}

function memoOf({ memo }: WorkflowInfo): Partial<PromotionMemo> {
  return memo ?? {};
}

/** The trace of the request that led to the promotion. */
function traceOf(info: WorkflowInfo): MeasuredTrace | undefined {
  return readSampledTraceparent(memoOf(info).task?.traceparent);
}
