import { Counter, Gauge, Histogram } from 'prom-client';
import { exemplarOf, type MeasuredTrace } from '../../metrics/measured-trace';
import { type MetricsRegistry } from '../../metrics/registry';
import { type RouteName } from '../../operator/routes';

/** `auth`: logins to the dashboard; `other`: what is not a route, such as the document. */
export type RouteLabel = RouteName | 'auth' | 'other';

/** The metrics of the operators' API. No label contains a name from callers, to limit the cardinality. */
export interface OperatorMetrics {
  /** @param seconds until the answer has ended @param trace that the request belongs to */
  request(route: RouteLabel, code: number, seconds: number, trace?: MeasuredTrace): void;
}

const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param streams how many event streams are open */
export function createOperatorMetrics(registry: MetricsRegistry, streams: () => number): OperatorMetrics {
  const requests = new Counter({
    name: 'windlass_api_requests_total',
    help: "Requests to the operators' API by route and status code.",
    labelNames: ['route', 'code'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'windlass_api_request_duration_seconds',
    help: "Time from the headers of a request to the operators' API until the end of its answer; without event streams.",
    labelNames: ['route'] as const,
    buckets: latencyBuckets,
    enableExemplars: true,
    registers: [registry],
  });
  new Gauge({
    name: 'windlass_api_event_streams',
    help: 'Open event streams.',
    registers: [registry],
    collect() {
      this.set(streams());
    },
  });
  return {
    request: (route, code, seconds, trace) => {
      requests.inc({ route, code });
      if (route === 'events') return;
      duration.observe({ labels: { route }, value: seconds, ...exemplarOf(trace) });
    },
  };
}
