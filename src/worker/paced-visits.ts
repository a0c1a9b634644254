import { type Client } from '@temporalio/client';
import { type Logger } from 'pino';
import { Gauge, Histogram } from 'prom-client';
import { createVisits, type Visits } from '../activities/budget/visits';
import { redact } from '../domain/network/redact';
import { type MetricsRegistry } from '../metrics/registry';
import { createAskBudget } from '../temporal/budgets';

/** Pipelines name the hosts. */
const shownHosts = 50;

/** Visits with the budget of all workers, and metrics of what they wait for. Once per process. */
export function createPacedVisits({
  client,
  registry,
  log,
}: {
  readonly client: Client;
  readonly registry: MetricsRegistry;
  readonly log: Logger;
}): Visits {
  const visits: Visits = createVisits({
    ask: createAskBudget(client),
    onFailure: (error) =>
      log.warn(`Requests are not shared with other workers for a while: ${redact(String(error))}`),
    onWaited: (ms) => waits.observe(ms / 1_000),
  });
  const waits = registerPaceMetrics(registry, () => visits.remaining());
  return visits;
}

/** @returns the times that requests waited, in seconds */
export function registerPaceMetrics(
  registry: MetricsRegistry,
  remaining: () => ReadonlyMap<string, number>,
): Pick<Histogram, 'observe'> {
  new Gauge({
    name: 'windlass_provider_requests_remaining',
    help: 'Requests that remain until the next reset, as a Git service said last; of several tokens, the fewest.',
    labelNames: ['host'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [host, left] of [...remaining()].slice(0, shownHosts)) this.set({ host }, left);
    },
  });
  return new Histogram({
    name: 'windlass_provider_wait_seconds',
    help: "Time that work waited for requests that a Git service's limits allow; what would wait longer is repeated later.",
    buckets: [0.01, 0.05, 0.25, 1, 3, 15, 60],
    registers: [registry],
  });
}
