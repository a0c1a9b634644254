import { expose } from '../../../src/metrics/exposition';
import { createRegistry } from '../../../src/metrics/registry';
import { createPipelineMetrics, mostEnvironments } from '../../../src/worker/pipeline-metrics';

const shop = { namespace: 'apps', name: 'shop' };

function open() {
  const registry = createRegistry();
  return { ...createPipelineMetrics(registry), scrape: () => expose(registry, 'text') };
}

it('counts results and lead times by Pipeline and environment', async () => {
  const metrics = open();
  metrics.ended(shop, 'prod', 'deployed');
  metrics.ended(shop, 'prod', 'deployed');
  metrics.deployed(shop, 'prod', 7_200);
  const text = await metrics.scrape();
  expect(text).toContain(
    'windlass_pipeline_promotions_total{pipeline="apps/shop",environment="prod",result="deployed"} 2\n',
  );
  expect(text).toContain(
    'windlass_pipeline_lead_time_seconds_bucket{le="3600",pipeline="apps/shop",environment="prod"} 0\n',
  );
  expect(text).toContain(
    'windlass_pipeline_lead_time_seconds_bucket{le="14400",pipeline="apps/shop",environment="prod"} 1\n',
  );
});

it('has a series for failures before the first one', async () => {
  const metrics = open();
  metrics.ended(shop, 'prod', 'deployed');
  expect(await metrics.scrape()).toContain(
    'windlass_pipeline_promotions_total{pipeline="apps/shop",environment="prod",result="failed"} 0\n',
  );
});

it('counts the environments beyond the limit together, and those within it as before', async () => {
  const metrics = open();
  for (let n = 0; n < mostEnvironments + 2; n += 1)
    metrics.ended({ ...shop, name: `app-${n}` }, 'prod', 'merged');
  metrics.deployed({ ...shop, name: 'another' }, 'prod', 60);
  metrics.ended({ ...shop, name: 'app-0' }, 'prod', 'merged');
  const text = await metrics.scrape();
  expect(text).toContain('{pipeline="other",environment="other",result="merged"} 2\n');
  expect(text).toContain(
    'windlass_pipeline_lead_time_seconds_count{pipeline="other",environment="other"} 1\n',
  );
  expect(text).toContain('{pipeline="apps/app-0",environment="prod",result="merged"} 2\n');
  expect(text).not.toContain(`app-${mostEnvironments}"`);
});
