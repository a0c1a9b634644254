import { Counter, Gauge, Histogram } from 'prom-client';
import { exemplarOf, type MeasuredTrace } from '../../metrics/measured-trace';
import { type MetricsRegistry } from '../../metrics/registry';
import { type AnswerCode, answers } from './answers';

/** The webhook's metrics for Prometheus. No label contains a name from senders or users, to limit the cardinality. */
export interface ApiMetrics {
  /**
   * @param seconds from the request's headers to the end of our answer
   * @param trace that the request belongs to
   */
  request(code: number, reason: AnswerCode, seconds: number, trace?: MeasuredTrace): void;
}

/** The sender waits 15 s; signalWithStart takes some milliseconds. */
const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 15];

/** Registers the webhook's metrics. */
export function createApiMetrics(registry: MetricsRegistry): ApiMetrics {
  const requests = new Counter({
    name: 'windlass_webhook_requests_total',
    help: 'Requests to the webhook by status code and reason.',
    labelNames: ['code', 'reason'] as const,
    registers: [registry],
  });
  // A counter that first appears with its first error hides that error from rate() and increase().
  for (const [reason, { status }] of Object.entries(answers)) requests.inc({ code: status, reason }, 0);
  const duration = new Histogram({
    name: 'windlass_webhook_request_duration_seconds',
    help: 'Time from the headers of a request to the webhook until the end of its answer.',
    labelNames: ['code'] as const,
    buckets: latencyBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  return {
    request: (code, reason, seconds, trace) => {
      requests.inc({ code, reason });
      duration.observe({ labels: { code }, value: seconds, ...exemplarOf(trace) });
    },
  };
}

/**
 * Registers the age of the oldest event that is acknowledged but not handled, read at each scrape.
 * @param oldest when that event was received, milliseconds since the epoch; undefined if none waits
 * @param now milliseconds since the epoch
 */
export function registerOldestUnhandledEvent(
  registry: MetricsRegistry,
  oldest: () => Promise<number | undefined>,
  now: () => number,
): void {
  new Gauge({
    name: 'windlass_oldest_unhandled_event_age_seconds',
    help: 'Age of the oldest event that is acknowledged but not handled; 0: none waits, NaN: unknown.',
    registers: [registry],
    async collect() {
      try {
        const receivedAt = await oldest();
        this.set(receivedAt === undefined ? 0 : Math.max(0, (now() - receivedAt) / 1000));
      } catch {
        // A scrape must not fail, with all the other metrics, because one source is unavailable.
        this.set(Number.NaN);
      }
    },
  });
}
