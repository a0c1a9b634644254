/** A real Prometheus reads what Windlass serves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { startMetricsServer } from '../../src/api/probes/metrics-server';
import { type Listening } from '../../src/http/serving/http-listener';
import { takeExemplarsFrom } from '../../src/metrics/measured-trace';
import { eventually } from '../support/eventually';
import { fluxBody, sign } from '../support/flux-request';
import { freePort } from '../support/free-port';
import { type RunningWebhook, startWebhook, webhookKey } from '../support/webhook';

const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

let directory: string;
let webhook: RunningWebhook;
let metrics: Listening;
let prometheus: ChildProcess;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windlass-prometheus-'));
  webhook = await startWebhook();
  metrics = await startMetricsServer({ host: '127.0.0.1', port: 0 }, webhook.registry);
  const config = path.join(directory, 'prometheus.yml');
  await writeFile(
    config,
    stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: [
        { job_name: 'windlass', static_configs: [{ targets: [`127.0.0.1:${metrics.port}`] }] },
      ],
    }),
  );
  const port = await freePort();
  url = `http://127.0.0.1:${port}/api/v1`;
  prometheus = spawn(
    process.env['PROMETHEUS'] ?? 'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  await once(prometheus, 'spawn');
});
afterAll(async () => {
  takeExemplarsFrom(() => undefined);
  const ended = once(prometheus, 'close');
  prometheus.kill('SIGKILL');
  await Promise.all([ended, webhook.close(), metrics.close(0)]);
  await rm(directory, { recursive: true });
});

async function ask<T>(route: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${url}/${route}?${new URLSearchParams(parameters).toString()}`);
  const { data } = (await response.json()) as { readonly data: T };
  return data;
}

async function post(): Promise<void> {
  const body = fluxBody();
  await webhook.post({ body, signature: sign(webhookKey, body) });
}

it('without a trace, no value has one', async () => {
  await post();
  await eventually(async () => {
    const { result } = await ask<{ readonly result: readonly { readonly value: [number, string] }[] }>(
      'query',
      {
        query: 'windlass_webhook_request_duration_seconds_count{code="202"}',
      },
    );
    expect(result.map(({ value }) => value[1])).toEqual(['1']);
  });
  expect(await exemplars()).toEqual([]);
});

it('keeps the trace of a request with its duration', async () => {
  takeExemplarsFrom(() => trace);
  await post();
  await eventually(async () => {
    expect(await exemplars()).toContainEqual({ trace_id: trace.traceId, span_id: trace.spanId });
  });
});

async function exemplars(): Promise<unknown[]> {
  const end = Date.now() / 1_000;
  const found = await ask<readonly { readonly exemplars: readonly { readonly labels: unknown }[] }[]>(
    'query_exemplars',
    {
      query: 'windlass_webhook_request_duration_seconds_bucket{code="202"}',
      start: String(end - 60),
      end: String(end + 60),
    },
  );
  return found.flatMap((series) => series.exemplars.map(({ labels }) => labels));
}
