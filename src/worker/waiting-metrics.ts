/** What waits, for Prometheus: of the whole installation, so every worker reports the same. */
import { Counter, Gauge } from 'prom-client';
import { gates } from '../domain/gates/registry';
import { type ShownState } from '../domain/promotion/states';
import { type MetricsRegistry } from '../metrics/registry';
import { type WaitingPromotions } from '../temporal/waiting-promotions';

/** How long an answer of Temporal's is used, and a failed look is not repeated. */
const cachedMs = 30_000;

/** Where a promotion waits for a gate, the next attempt or a merge. */
export const waitingStates: readonly ShownState[] = [
  ...new Set<ShownState>([
    ...Object.values(gates).map(({ shownAs }) => shownAs),
    'tests-failed',
    'retrying',
    'pull-request',
  ]),
];

type Look = (states: readonly ShownState[]) => Promise<ReadonlyMap<ShownState, WaitingPromotions>>;

/**
 * Registers how many promotions wait and for how long, looked up for a scrape. A scrape never fails: after a failed look, the
 * last values stay.
 * @param now milliseconds since the epoch
 */
export function registerWaitingMetrics(registry: MetricsRegistry, look: Look, now: () => number): void {
  const failures = new Counter({
    name: 'windlass_promotions_waiting_errors_total',
    help: 'Look-ups of the promotions that wait that failed; their metrics keep the last values.',
    registers: [registry],
  });
  let found: ReadonlyMap<ShownState, WaitingPromotions> = new Map();
  let looking: { readonly since: number; readonly done: Promise<void> } | undefined;
  const refresh = async (): Promise<void> => {
    if (looking === undefined || now() - looking.since >= cachedMs) {
      const previous = looking?.done ?? Promise.resolve();
      looking = {
        since: now(),
        done: previous.then(async () => {
          try {
            found = await look(waitingStates);
          } catch {
            failures.inc();
          }
        }),
      };
    }
    await looking.done;
  };

  new Gauge({
    name: 'windlass_promotions_waiting',
    help: 'Promotions that wait for a gate, their next attempt or a merge, by state.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      await refresh();
      for (const state of waitingStates) this.set({ state }, found.get(state)?.count ?? 0);
    },
  });
  new Gauge({
    name: 'windlass_promotions_waiting_oldest_seconds',
    help: 'Age of the oldest promotion that waits, from its event, by state; 0: none waits.',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      await refresh();
      for (const state of waitingStates) {
        const { oldestAt = now() } = found.get(state) ?? {};
        this.set({ state }, Math.max(0, now() - oldestAt) / 1000);
      }
    },
  });
  new Gauge({
    name: 'windlass_pull_requests_open',
    help: 'Open pull requests with open gates: they wait for their merge.',
    registers: [registry],
    async collect() {
      await refresh();
      this.set(found.get('pull-request')?.count ?? 0);
    },
  });
}
