import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { type IgnoreCode } from '../../../src/flux/interpret-event';
import { createApiMetrics, registerOldestUnhandledEvent } from '../../../src/api/webhook/metrics';
import { type Receipt } from '../../../src/api/webhook/receive-event';
import { failureCodes } from '../../../src/domain/errors';
import { type PromotionEnd } from '../../../src/domain/promotion/promotion';
import { createPromotionSinks } from '../../../src/worker/metrics';
import { page, root, tableBelow } from './pages';

const outcomes = page('docs/reference/outcomes.md');

it('the table of failure codes holds every code with its retry and remedy, and nothing else', () => {
  const documented = tableBelow(outcomes, 'Failure codes').map(([code, again, , remedy]) => [
    code,
    again,
    remedy,
  ]);
  const expected = Object.entries(failureCodes).map(([code, { retryable, remedy }]) => [
    code,
    retryable ? 'yes' : 'no',
    remedy,
  ]);
  expect(documented).toEqual(expected);
});

it('the table of outcomes holds every way in which a promotion ends, and nothing else', () => {
  // The compiler sees to it that none is missing here.
  const states: Record<PromotionEnd['state'], true> = {
    'pull-request': true,
    unchanged: true,
    notified: true,
    superseded: true,
    withdrawn: true,
    ignored: true,
    yielded: true,
    failed: true,
    cancelled: true,
  };
  const documented = tableBelow(outcomes, 'Outcomes of a promotion').map(([outcome]) => outcome);
  expect(documented).toEqual(Object.keys(states));
});

it('the table of states holds what a running promotion shows, and nothing else', () => {
  const source = readFileSync(join(root, 'src/workflows/promotion.ts'), 'utf8');
  const [, union = ''] = /type ShownState =([^;]+);/.exec(source) ?? [];
  const shown = [...union.matchAll(/'([a-z-]+)'(?!\])/g)].map(([, state]) => state);
  const documented = tableBelow(outcomes, 'States of a promotion that runs').map(([state]) => state);
  // Ends are in a table of their own.
  expect([...documented, 'cancelled', 'failed'].sort()).toEqual(shown.sort());
});

it("the table of answers holds every answer of the webhook's code, and nothing else", () => {
  const ignored: Record<IgnoreCode, true> = {
    'not-a-promotion': true,
    stale: true,
    'last-environment': true,
    'no-promotion': true,
  };
  const refused: Record<Extract<Receipt, { outcome: 'refused' }>['code'], number> = {
    unauthorized: 401,
    unprocessable: 422,
    'too-many-events': 429,
    'temporal-unavailable': 503,
    'store-unavailable': 503,
  };
  const folder = join(root, 'src/api/webhook');
  const written = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/\brefusal\(\s*(\d{3}),\s*'([a-z-]+)'/g)])
    .map(([, status, code]) => `${status} ${code}`);
  const expected = [
    '202 accepted',
    ...Object.keys(ignored).map((code) => `202 ${code}`),
    ...Object.entries(refused).map(([code, status]) => `${status} ${code}`),
    ...written,
  ];
  const documented = tableBelow(outcomes, 'Answers of the webhook').map(
    ([status, code]) => `${status} ${code}`,
  );
  expect(written).not.toEqual([]);
  expect([...documented].sort()).toEqual(expected.sort());
});

it('the table of metrics holds every metric of ours with its labels, and nothing else', () => {
  const registry = new Registry();
  createApiMetrics(registry);
  registerOldestUnhandledEvent(registry, () => Promise.resolve(undefined), Date.now);
  createPromotionSinks(registry);
  const registered = registry.getMetricsAsArray().map((metric) => {
    const { labelNames = [] } = metric as { readonly labelNames?: readonly string[] };
    return [metric.name, labelNames.join(', ')];
  });
  const documented = tableBelow(page('docs/operations.md'), 'Metrics and alerts').map(([name, , labels]) => [
    name,
    labels,
  ]);
  expect(documented.sort()).toEqual(registered.sort());
});
