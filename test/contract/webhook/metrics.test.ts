import { createRegistry, type MetricsRegistry } from '../../../src/metrics/registry';
import { type Listening } from '../../../src/http/serving/http-listener';
import { registerOldestUnhandledEvent } from '../../../src/api/webhook/metrics';
import { startMetricsServer } from '../../../src/api/probes/metrics-server';
import { fluxBody, sign } from '../../support/flux-request';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

const bind = { host: '127.0.0.1', port: 0 };
let server: Listening | undefined;
let webhook: RunningWebhook | undefined;
afterEach(async () => {
  await server?.close(0);
  await webhook?.close();
  server = webhook = undefined;
});

async function scrape(registry: MetricsRegistry): Promise<string> {
  server ??= await startMetricsServer(bind, registry);
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return response.text();
}

describe('/metrics', () => {
  it('counts requests by code and reason, and names no pipeline', async () => {
    webhook = await startWebhook();
    const body = fluxBody();
    const failed = fluxBody(['"UpgradeSucceeded"', '"UpgradeFailed"']);
    await webhook.post({ body, signature: sign(webhookKey, body) });
    await webhook.post({ body: failed, signature: sign(webhookKey, failed) });
    await webhook.post({ body });
    await webhook.post({ body, path: '/promotion/some/stray/thing' });
    const text = await scrape(webhook.registry);
    expect(text).toContain('windlass_webhook_requests_total{code="202",reason="accepted"} 1\n');
    expect(text).toContain('windlass_webhook_requests_total{code="202",reason="not-a-promotion"} 1\n');
    expect(text).toContain('windlass_webhook_requests_total{code="401",reason="unauthorized"} 2\n');
    expect(text).toContain('windlass_webhook_request_duration_seconds_count{code="202"} 2\n');
    expect(text).not.toMatch(/my-app|stray/);
  });

  it('is the only path', async () => {
    server = await startMetricsServer(bind, createRegistry());
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
  });
});

describe('the age of the oldest unhandled event', () => {
  const now = Date.parse('2026-11-23T08:00:00Z');

  it.each<[string, () => Promise<number | undefined>, string]>([
    ['is in seconds', () => Promise.resolve(now - 90_500), '90.5'],
    ['is 0 where nothing waits', () => Promise.resolve(undefined), '0'],
    ['is 0 where a clock is ahead', () => Promise.resolve(now + 1_000), '0'],
    ['is not known where its source is away', () => Promise.reject(new Error('away')), 'NaN'],
  ])('%s', async (_name, oldest, value) => {
    const registry = createRegistry();
    registerOldestUnhandledEvent(registry, oldest, () => now);
    expect(await scrape(registry)).toContain(`windlass_oldest_unhandled_event_age_seconds ${value}\n`);
  });
});
