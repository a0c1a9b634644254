import { freePort } from '../support/free-port';
import { createInstallation, type Installation, repository } from '../support/installation';
import { ended } from '../support/lane-outcomes';
import { type Program } from '../support/program';
import { registeredMetrics } from '../support/registered-metrics';
import { temporalSdkMetrics } from '../support/temporal-sdk-metrics';

const openMetrics = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

let installation: Installation;
let api: Program;
let worker: Program;
let temporalMetrics: string;

beforeAll(async () => {
  installation = await createInstallation();
  const port = await freePort();
  temporalMetrics = `http://127.0.0.1:${port}/metrics`;
  [api, worker] = await Promise.all([
    installation.startApi(),
    installation.startWorker([`--temporal-metrics-bind-address=127.0.0.1:${port}`, '--metrics-by-pipeline']),
  ]);
  await installation.report({ version: '1.1.0', release: 2 });
  await ended(installation, '1.1.0', 'pull-request');
  await installation.forge.mergePullRequest(repository, 1);
  await installation.report({ environment: 'staging', version: '1.1.0' });
  await ended(installation, '1.1.0', 'deployed');
  await ended(installation, '1.1.0', 'pull-request', { environment: 'prod' });
}, 120_000);
afterAll(() => installation.close());

async function scrape(url: string, accept = '*/*'): Promise<string> {
  const response = await fetch(url, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.text();
}

const metricsOf = async (program: Program, accept?: string): Promise<string> =>
  scrape((await program.ready).metrics!, accept);

const namesIn = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);

it('api and worker together have every metric of ours, and no other', async () => {
  const served = (await Promise.all([metricsOf(api), metricsOf(worker)])).flatMap(namesIn);
  const ours = new Set(served.filter((name) => name.startsWith('windlass_')));
  const registered = registeredMetrics()
    .getMetricsAsArray()
    .map(({ name }) => name)
    // No one can log in, so the API is off.
    .filter((name) => !name.startsWith('windlass_api_'));
  expect([...ours].sort()).toEqual([...registered].sort());
});

it('a promotion that is deployed has a lead time, also of its Pipeline', async () => {
  const text = await metricsOf(worker);
  expect(text).toContain(
    'windlass_promotion_lead_time_seconds_count{strategy="pull-request",environment="staging"} 1\n',
  );
  expect(text).toContain(
    'windlass_pipeline_lead_time_seconds_count{pipeline="apps/shop",environment="staging"} 1\n',
  );
  expect(text).toContain(
    'windlass_pipeline_promotions_total{pipeline="apps/shop",environment="staging",result="deployed"} 1\n',
  );
});

it('attempts and the looks at their pull requests have durations', async () => {
  const text = await metricsOf(worker);
  expect(text).toContain(
    'windlass_activity_duration_seconds_count{activity="openPullRequest",result="succeeded"} 2\n',
  );
  expect(text).toMatch(
    /windlass_activity_duration_seconds_count\{activity="lookAtPullRequests",result="succeeded"\} [1-9]/,
  );
});

it('both say which component they are, and that Temporal answers', async () => {
  for (const [program, component] of [
    [api, 'api'],
    [worker, 'worker'],
  ] as const) {
    const text = await metricsOf(program);
    expect(text).toMatch(
      new RegExp(`^windlass_build_info\\{component="${component}",version="[^"]+"\\} 1$`, 'm'),
    );
    expect(text).toContain('windlass_temporal_up 1\n');
  }
});

it('a scraper that prefers OpenMetrics gets the same series in it', async () => {
  const series = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('windlass_'))
      .map((line) => line.slice(0, line.lastIndexOf(' ')));
  const text = await metricsOf(worker, openMetrics);
  expect(text).toMatch(/\n# EOF\n$/);
  expect(series(text)).toEqual(series(await metricsOf(worker)));
});

it("the worker serves the metrics of Temporal's SDK that the documentation names", async () => {
  const served = namesIn(await scrape(temporalMetrics));
  expect(served).toEqual(expect.arrayContaining([...temporalSdkMetrics.seen]));
});
