/** The pages of one Pipeline and one promotion, in front of made-up lanes: rights, hostile texts, narrow screens. */
import { type Browser } from 'playwright-core';
import { type HandlerParts } from '../../src/api/operator/handlers/handler-parts';
import { type Pipeline } from '../../src/domain/pipeline/pipeline';
import { promotionId } from '../../src/workflows/contract/ids';
import { openBrowser } from '../support/browser';
import { accessibilityFaults } from '../support/dashboard/accessibility';
import { openDashboard, scrollsSideways } from '../support/dashboard/dashboard-page';
import { type PreparedDashboard, startPreparedDashboard } from '../support/dashboard/prepared-dashboard';
import { eventually } from '../support/eventually';
import { deployment, noon } from '../support/events';
import { laneViewOf, waiting } from '../support/lane-views';
import { FakeLanes, tokenOf } from '../support/operator-api-server';
import { samplePipeline } from '../support/sample-pipeline';

const hostile = `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>`;
const script = "javascript:document.title='hit'";
/** No place to break it. */
const long = 'x'.repeat(200);
const prod = `prod ${hostile} 100%2F`;
const named = { namespace: 'apps', name: 'shop.web' };
const pipeline: Pipeline = {
  ...samplePipeline,
  ...named,
  labels: { team: long },
  environments: [
    ...samplePipeline.environments.slice(0, 2),
    { name: prod, targets: [{ namespace: 'real' }] },
  ],
};
const event = deployment({
  pipeline: named,
  version: `1.4.0-${long}`,
  environment: 'staging',
  object: hostile,
});
const { version, identity } = event;
const id = promotionId(named, prod, version, identity);

const promotions: HandlerParts['promotions'] = {
  list: () => Promise.resolve({ items: [] }),
  get: (workflowId) =>
    Promise.resolve(
      workflowId === id
        ? {
            workflowId,
            task: { action: 'promote', pipeline: named, version, from: 'staging', to: prod, event },
            state: 'waiting-for-approval',
            ended: false,
            startedAt: noon,
            history: {
              steps: [{ state: hostile, at: noon + 60_000 }],
              attempts: [{ at: noon, outcome: 'failed', code: 'unknown', reason: hostile + long }],
              decisions: [{ kind: 'approved', by: hostile, at: noon + 90_000, detail: hostile + long }],
            },
          }
        : undefined,
    ),
  closedGates: () => Promise.resolve([{ gate: 'approvals', says: `${hostile}. ${long}` }]),
  proposedHead: () => Promise.resolve(null),
};

let browser: Browser;
let dashboard: PreparedDashboard;

beforeAll(async () => {
  browser = await openBrowser();
  const lanes = new FakeLanes();
  lanes.put(
    laneViewOf({
      pipeline: named,
      environment: prod,
      sentence: hostile,
      acting: {
        ...waiting(version),
        identity,
        waits: hostile,
        proposal: { url: script, number: 7, at: noon },
      },
      running: [
        { version: hostile, object: hostile, at: noon },
        { version: long, object: long, at: noon },
      ],
      queued: [hostile],
      held: [{ version: hostile, because: 'closed', by: hostile, url: script, at: noon }],
      failed: { version: hostile },
      last: { version: hostile, state: 'failed', detail: hostile + long, by: hostile, endedAt: noon },
    }),
  );
  dashboard = await startPreparedDashboard({ pipelines: [pipeline], promotions, lanes });
});
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

const pages = [
  { what: 'Pipeline', path: '/pipelines/apps/shop.web', heading: 'shop.web' },
  { what: 'promotion', path: `/promotions/${encodeURIComponent(id)}`, heading: `${version} into ${prod}` },
];

describe.each(pages)('the page of a $what', ({ path, heading }) => {
  it.each([
    [390, 'dark'],
    [1440, 'light'],
  ] as const)('shows texts from outside as texts, at %d px, %s', async (width, colorScheme) => {
    const { page, faults, close } = await openDashboard(browser, dashboard, { path, width, colorScheme });
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.getByText(hostile).first().waitFor();
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    expect(await page.locator('main img, main script, a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).not.toBe('hit');
    expect(await scrollsSideways(page)).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('offers nothing to who may only look', async () => {
    const viewer = { ...dashboard, token: tokenOf('viewer', ['get']) };
    const { page, faults, close } = await openDashboard(browser, viewer, { path: '/activity' });
    const allowed = page.waitForResponse(/\/api\/v1\/me\?namespace=apps&name=shop\.web$/);
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.getByText(hostile).first().waitFor();
    // What is offered is known once this was answered.
    await allowed;
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });
});

it('has dialogs without a fault that axe knows', async () => {
  const { page, close } = await openDashboard(browser, dashboard, { path: '/pipelines/apps/shop.web' });
  for (const name of [/^Approve/, /^Open gates/, /^Promote staging/, /^Freeze/]) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await close();
});

it('repeats an act that no worker answered with the same key', async () => {
  const { page, close } = await openDashboard(browser, dashboard, { path: '/pipelines/apps/shop.web' });
  const keys: (string | undefined)[] = [];
  await page.route('**/environments/staging/promote', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    const problem = { title: 'No worker', status: 503, code: 'no-worker', detail: 'No worker answers.' };
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
  await page.getByRole('button', { name: 'Promote staging' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Version to promote' }).fill('1.5.0');
  await dialog.getByRole('button', { name: 'Promote 1.5.0' }).click();
  await dialog.getByRole('alert').getByText('No worker answers.').waitFor();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await eventually(() => expect(keys).toHaveLength(2));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  await close();
});

it.each([
  [
    '/promotions/promotion%2Fapps%2Fshop.web%2Fprod%2F1.0.0%2F0123',
    'Temporal does not remember this promotion',
  ],
  ['/pipelines/apps/nothing', 'There is no such Pipeline'],
])('%s says so', async (path, heading) => {
  const { page, close } = await openDashboard(browser, dashboard, { path });
  await page.getByRole('heading', { name: heading }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await close();
});
