import { type WorkflowInfo } from '@temporalio/workflow';
import { type LaneTask } from '../../../src/domain/lane/lane-state';
import { expose } from '../../../src/metrics/exposition';
import { createRegistry } from '../../../src/metrics/registry';
import { createPromotionSinks, mostNames } from '../../../src/worker/metrics';
import { createPipelineMetrics } from '../../../src/worker/pipeline-metrics';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

/** As much of a run as the sinks read. */
function run(runId: string, traced: Pick<LaneTask, 'traceparent'> = {}): WorkflowInfo {
  const task = { pipeline: { namespace: 'apps', name: 'shop' }, to: 'prod', ...traced };
  return { runId, memo: { task } } as unknown as WorkflowInfo;
}

function open() {
  const registry = createRegistry();
  const { promotions } = createPromotionSinks(registry, createPipelineMetrics(registry));
  return { promotions, scrape: () => expose(registry, 'openmetrics') };
}

it('a workflow task that runs again does not count again', async () => {
  const { promotions, scrape } = open();
  for (const runId of ['a', 'a', 'b']) {
    await promotions.stepDone.fn(run(runId), 'pull-request', 'prod', 'deploy', 60);
    await promotions.deployed.fn(run(runId), 'pull-request', 'prod', 3_600);
    await promotions.ended.fn(run(runId), 'pull-request', 'deployed');
    await promotions.mergedOutsideGates.fn(run(runId));
  }
  const text = await scrape();
  expect(text).toContain('windlass_promotions_total{strategy="pull-request",result="deployed"} 2\n');
  expect(text).toContain(
    'windlass_promotion_step_duration_seconds_count{strategy="pull-request",environment="prod",step="deploy"} 2\n',
  );
  expect(text).toContain(
    'windlass_promotion_lead_time_seconds_count{strategy="pull-request",environment="prod"} 2\n',
  );
  expect(text).toContain(
    'windlass_pipeline_promotions_total{pipeline="apps/shop",environment="prod",result="deployed"} 2\n',
  );
  expect(text).toContain('windlass_merges_outside_gates_total 2\n');
});

it('names of environments that come after many others are counted together', async () => {
  const { promotions, scrape } = open();
  for (let n = 0; n < mostNames + 2; n += 1) {
    await promotions.stepDone.fn(run(`${n}`), 'pull-request', `env-${n}`, 'deploy', 60);
    await promotions.deployed.fn(run(`${n}`), 'pull-request', `env-${n}`, 3_600);
  }
  const text = await scrape();
  expect(text).toContain('environment="env-99",step="deploy"} 1\n');
  expect(text).toContain(
    'windlass_promotion_step_duration_seconds_count{strategy="pull-request",environment="other",step="deploy"} 2\n',
  );
  expect(text).toContain(
    'windlass_promotion_lead_time_seconds_count{strategy="pull-request",environment="other"} 2\n',
  );
});

it('each attempt that fails counts', async () => {
  const { promotions, scrape } = open();
  for (let n = 0; n < 2; n += 1) await promotions.attemptFailed.fn(run('a'), 'pull-request', 'network');
  expect(await scrape()).toContain(
    'windlass_promotion_failed_attempts_total{strategy="pull-request",code="network"} 2\n',
  );
});

it('a failure that has not happened yet has a series', async () => {
  const text = await open().scrape();
  expect(text).toContain('windlass_promotions_total{strategy="none",result="failed"} 0\n');
  expect(text).toContain(
    'windlass_promotion_failed_attempts_total{strategy="notification",code="notification-failed"} 0\n',
  );
});

it('a lead time names the trace of its promotion, if it is sampled', async () => {
  const { promotions, scrape } = open();
  const sampled = run('a', { traceparent: `00-${traceId}-${spanId}-01` });
  await promotions.deployed.fn(sampled, 'pull-request', 'prod', 60);
  await promotions.deployed.fn(
    run('b', { traceparent: `00-${traceId}-${spanId}-00` }),
    'pull-request',
    'prod',
    7_000,
  );
  const shown = (await scrape()).split('\n').filter((line) => line.includes(' # {'));
  const trace = `# {trace_id="${traceId}",span_id="${spanId}"} 60 `;
  expect(shown.map((line) => [line.slice(0, line.indexOf('{')), line.includes(trace)])).toEqual([
    ['windlass_pipeline_lead_time_seconds_bucket', true],
    ['windlass_promotion_lead_time_seconds_bucket', true],
  ]);
});
