/** What runs, and whether it reaches Temporal. */
import { Gauge } from 'prom-client';
import { type MetricsRegistry } from './registry';

export type Component = 'api' | 'worker';

/**
 * Registers the version of each component of this process. Where a component runs nowhere, its series is missing.
 * @param version of the program
 */
export function registerBuildInfo(
  registry: MetricsRegistry,
  version: string,
  components: readonly Component[],
): void {
  const info = new Gauge({
    name: 'windlass_build_info',
    help: 'Always 1, for each component that the process runs.',
    labelNames: ['component', 'version'] as const,
    registers: [registry],
  });
  for (const component of components) info.set({ component, version }, 1);
}

/** Registers whether Temporal answers, asked at each scrape. @param answers false also where it does not answer in time */
export function registerTemporalUp(registry: MetricsRegistry, answers: () => Promise<boolean>): void {
  new Gauge({
    name: 'windlass_temporal_up',
    help: 'Whether Temporal answers: 1 or 0.',
    registers: [registry],
    async collect() {
      this.set(Number(await answers()));
    },
  });
}
