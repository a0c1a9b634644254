/** How long activities take, and whether they succeed. */
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { type ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { Histogram } from 'prom-client';
import { activeTrace, exemplarOf } from '../metrics/measured-trace';
import { type MetricsRegistry } from '../metrics/registry';
import { gatesClosed } from '../workflows/contract/messages';

/** A look at pull requests takes a fraction of a second, the first clone of a large repository minutes. */
const durationBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** @returns an interceptor for each activity; it must be called before the one that classifies failures */
export function measureActivities(registry: MetricsRegistry): () => ActivityInboundCallsInterceptor {
  const durations = new Histogram({
    name: 'windlass_activity_duration_seconds',
    help: 'Time that activities took, with what they waited for: attempts, looks at pull requests, comments.',
    labelNames: ['activity', 'result'],
    buckets: durationBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  // Followers may look once an hour only: the first look must be an increase.
  durations.zero({ activity: 'lookAtPullRequests', result: 'succeeded' });
  return () => ({
    async execute(input, next) {
      const { activityType: activity } = Context.current().info;
      const started = performance.now();
      const trace = activeTrace();
      const ended = (result: 'succeeded' | 'failed' | 'cancelled'): void =>
        durations.observe({
          labels: { activity, result },
          value: (performance.now() - started) / 1_000,
          ...exemplarOf(trace),
        });
      try {
        const output = await next(input);
        ended('succeeded');
        return output;
      } catch (error) {
        ended(resultOf(error));
        throw error;
      }
    },
  });
}

function resultOf(error: unknown): 'succeeded' | 'failed' | 'cancelled' {
  if (error instanceof CancelledFailure) return 'cancelled';
  // An answer to the workflow.
  return error instanceof ApplicationFailure && error.type === gatesClosed ? 'succeeded' : 'failed';
}
