import { type OpenMetricsContentType, Registry } from 'prom-client';

/** Exemplars are part of OpenMetrics, so prom-client refuses them in a registry of the other format. */
export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** An empty registry. `expose` writes it: the registry's own `metrics()` renames its counters. */
export function createRegistry(): MetricsRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}
