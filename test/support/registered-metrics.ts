import { collectDefaultMetrics } from 'prom-client';
import { registerFreezeMetrics } from '../../src/api/freeze-metrics';
import { createOperatorMetrics } from '../../src/api/operator/metrics';
import { createApiMetrics, registerOldestUnhandledEvent } from '../../src/api/webhook/metrics';
import { registerBuildInfo, registerTemporalUp } from '../../src/metrics/program-metrics';
import { createRegistry, type MetricsRegistry } from '../../src/metrics/registry';
import { measureActivities } from '../../src/worker/measure-activities';
import { createPromotionSinks } from '../../src/worker/metrics';
import { registerPaceMetrics } from '../../src/worker/paced-visits';
import { createPipelineMetrics } from '../../src/worker/pipeline-metrics';
import { registerWaitingMetrics } from '../../src/worker/waiting-metrics';

/** All metrics that are ours: those of `api`, `worker`, and by Pipeline. `test/e2e/metrics.test.ts` asks the program. */
export function registeredMetrics(): MetricsRegistry {
  const registry = createRegistry();
  registerBuildInfo(registry, '1.0.0', ['api', 'worker']);
  registerTemporalUp(registry, () => Promise.resolve(true));
  createApiMetrics(registry);
  createOperatorMetrics(registry, () => 0);
  registerOldestUnhandledEvent(registry, () => Promise.resolve(undefined), Date.now);
  registerFreezeMetrics(registry, { list: () => [], freezes: () => Promise.resolve([]) }, Date.now);
  createPromotionSinks(registry, createPipelineMetrics(registry));
  measureActivities(registry);
  registerWaitingMetrics(registry, () => Promise.resolve(new Map()), Date.now);
  registerPaceMetrics(registry, () => new Map());
  return registry;
}

/** The same with those of Node. */
export function allMetrics(): MetricsRegistry {
  const registry = registeredMetrics();
  collectDefaultMetrics({ register: registry });
  return registry;
}
