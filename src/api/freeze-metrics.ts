/** The freezes and suspensions that hold promotions, for Prometheus: one without an end may be forgotten. */
import { Gauge } from 'prom-client';
import { type Freeze, isInForce } from '../domain/freezes/freeze';
import { type MetricsRegistry } from '../metrics/registry';
import { type IndexedPipelineStore } from '../store/pipeline-store';

/**
 * Registers how many freezes are in force, read at each scrape: those of the namespaces of the Pipelines, and those for all
 * namespaces.
 * @param now milliseconds since the epoch
 */
export function registerFreezeMetrics(
  registry: MetricsRegistry,
  store: Pick<IndexedPipelineStore, 'list' | 'freezes'>,
  now: () => number,
): void {
  new Gauge({
    name: 'windlass_freezes_in_force',
    help: 'Freezes and suspensions that hold promotions now, by whether their end is set; NaN: unknown.',
    labelNames: ['kind', 'end'] as const,
    registers: [registry],
    async collect() {
      const inForce = await freezesInForce(store, now()).catch(() => undefined);
      for (const kind of ['freeze', 'suspension'] as const) {
        for (const end of ['set', 'open'] as const) {
          this.set({ kind, end }, inForce?.filter((freeze) => isOf(freeze, kind, end)).length ?? Number.NaN);
        }
      }
    },
  });
}

function isOf({ suspends, until }: Freeze, kind: 'freeze' | 'suspension', end: 'set' | 'open'): boolean {
  return (suspends === true) === (kind === 'suspension') && (until === undefined) === (end === 'open');
}

/** @throws WindlassError store-unavailable */
async function freezesInForce(
  store: Pick<IndexedPipelineStore, 'list' | 'freezes'>,
  now: number,
): Promise<Freeze[]> {
  const namespaces = new Set(store.list().map(({ pipeline }) => pipeline.namespace));
  const found = await Promise.all([...namespaces].map((namespace) => store.freezes(namespace)));
  // Those for all namespaces are in each list.
  const different = new Map(found.flat().map((freeze) => [`${freeze.namespace}/${freeze.name}`, freeze]));
  return [...different.values()].filter((freeze) => isInForce(freeze, now));
}
