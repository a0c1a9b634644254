/** Metrics by Pipeline: only where the operator switches them on, and limited in number. */
import { Counter, Histogram } from 'prom-client';
import { formatPipelineRef, type PipelineRef } from '../domain/pipeline/pipeline';
import { exemplarOf, type MeasuredTrace } from '../metrics/measured-trace';
import { type MetricsRegistry } from '../metrics/registry';

export interface PipelineMetrics {
  /** @param environment the one promoted into @param result the state that the promotion ended in */
  ended(pipeline: PipelineRef, environment: string, result: string): void;
  deployed(pipeline: PipelineRef, environment: string, seconds: number, trace?: MeasuredTrace): void;
}

export const noPipelineMetrics: PipelineMetrics = { ended: () => undefined, deployed: () => undefined };

/** The environments with labels of their own; each has some twenty series. */
export const mostEnvironments = 500;

/** The labels of all others. */
const others = { pipeline: 'other', environment: 'other' } as const;

const [hour, day] = [3_600, 86_400];
/** Fewer than those of all Pipelines: each counts once for each environment. */
const leadTimeBuckets = [hour / 4, hour, 4 * hour, day, 3 * day, 7 * day, 28 * day];

/** Registers the metrics by Pipeline. Environments that come after the first `mostEnvironments` are counted together. */
export function createPipelineMetrics(registry: MetricsRegistry): PipelineMetrics {
  const promotions = new Counter({
    name: 'windlass_pipeline_promotions_total',
    help: 'Promotions that reached a terminal state, by Pipeline and environment promoted into.',
    labelNames: ['pipeline', 'environment', 'result'],
    registers: [registry],
  });
  const leadTimes = new Histogram({
    name: 'windlass_pipeline_lead_time_seconds',
    help: 'Time from the event of a promotion until all targets run the version, by Pipeline and environment promoted into.',
    labelNames: ['pipeline', 'environment'],
    buckets: leadTimeBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  const known = new Set<string>();
  const labelsOf = (ref: PipelineRef, environment: string) => {
    const pipeline = formatPipelineRef(ref);
    const key = `${pipeline}/${environment}`;
    if (!known.has(key)) {
      if (known.size >= mostEnvironments) return others;
      known.add(key);
      // Or the first failure would not be an increase.
      for (const result of ['deployed', 'failed']) promotions.inc({ pipeline, environment, result }, 0);
    }
    return { pipeline, environment };
  };
  return {
    ended: (pipeline, environment, result) => promotions.inc({ ...labelsOf(pipeline, environment), result }),
    deployed: (pipeline, environment, seconds, trace) =>
      leadTimes.observe({
        labels: labelsOf(pipeline, environment),
        value: seconds,
        ...exemplarOf(trace),
      }),
  };
}
