/** What the board says and offers, over Pipelines in every state. */
import { type Browser, type Page } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { accessibilityFaults } from '../support/dashboard/accessibility';
import { everyCellPipelines, pipelineThrough } from '../support/dashboard/board-fixture';
import {
  type DashboardPage,
  type DashboardPageOptions,
  openDashboard,
  scrollsSideways,
} from '../support/dashboard/dashboard-page';
import { type PreparedDashboard, startPreparedDashboard } from '../support/dashboard/prepared-dashboard';
import { eventually } from '../support/eventually';
import { FakeLanes, tokenOf } from '../support/operator-api-server';

let browser: Browser;
let dashboard: PreparedDashboard;
const opened: DashboardPage[] = [];

const freeze = {
  namespace: 'apps',
  name: 'holidays',
  reason: 'Holidays',
  author: 'oidc:alice',
  until: Date.UTC(2037, 0, 4),
  environments: ['prod'],
  ours: true,
};

beforeAll(async () => {
  browser = await openBrowser();
  const lanes = new FakeLanes();
  const pipelines = [
    ...everyCellPipelines(lanes),
    pipelineThrough(['dev', 'prod'], { name: 'two-environments' }),
  ];
  dashboard = await startPreparedDashboard({
    pipelines,
    lanes,
    invalid: [{ valid: false, pipeline: { namespace: 'apps', name: 'broken' }, fault: 'spec is missing' }],
    frozen: [freeze],
  });
  await eventually(
    () => dashboard.api.model.lane({ namespace: 'apps', name: 'failed' }, 'prod') !== undefined,
  );
});
afterEach(async () => {
  const faults = opened.flatMap((each) => each.faults);
  await Promise.all(opened.splice(0).map(({ close }) => close()));
  // eslint-disable-next-line jest/no-standalone-expect
  expect(faults).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

async function open(options: DashboardPageOptions = {}, server = dashboard): Promise<Page> {
  const made = await openDashboard(browser, server, options);
  opened.push(made);
  return made.page;
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader').getByText(name, { exact: true }) });

const namesOn = async (page: Page): Promise<string[]> =>
  (await page.getByRole('rowheader').getByRole('link').allInnerTexts()).map((name) =>
    name.replace('apps/', ''),
  );

const expectNames = (page: Page, names: readonly string[]): Promise<void> =>
  eventually(async () => expect(await namesOn(page)).toEqual(names));

it('says in words what each environment runs, waits for, and what is wrong', async () => {
  const page = await open({ height: 4_000 });
  const said = async (name: string): Promise<string> => {
    const cell = rowOf(page, name).getByRole('cell').last();
    const text = (await cell.innerText()).replaceAll(/\s+/g, ' ');
    // Time goes by while this runs.
    return text.replaceAll(/(?:\d+ (?:d|h|min|s) )+ago/g, '…');
  };
  await rowOf(page, 'window').waitFor();
  const cells = Object.fromEntries(
    await Promise.all((await namesOn(page)).map(async (name) => [name, await said(name)] as const)),
  );
  expect(cells).toEqual({
    approval: 'prod 1.3.0 … → 1.4.1 Needs approval … · 1 of 2 approvals',
    'approval-with-pull-request':
      'prod 1.3.0 … → 1.4.1 Needs approval #7 … · 0 of 2 approvals, window opens Mon 09:00 CET',
    broken: 'No prod',
    dependency:
      'prod 1.3.0 … → 1.4.1 Waits for a dependency … · apps/database must run >=2.1 in prod, it runs 2.0.4',
    deployed: 'prod 2.0.1 …',
    differing: 'prod Targets differ 1.3.0 2 targets 1.4.1 1 target',
    expired: 'prod 1.3.0 … 1.4.1 Expired …',
    failed: 'prod 1.3.0 … 1.4.1 Failed: branch-protected',
    frozen: 'prod 1.3.0 … → 1.4.1 Frozen … · frozen by ada until Jan 4, 2027, 12:00 AM: Holidays',
    held: 'prod 1.3.0 … 1.4.0 Held back, and 1 more … · rejected by oidc:bob',
    merged: 'prod 1.3.0 … → 1.4.1 Merged, not running yet …',
    promoting: 'prod 1.3.0 … → 1.4.1 In progress …',
    'pull-request': 'prod 1.3.0 … → 1.4.1 To be merged #12 …',
    queued: 'prod 1.3.0 … → 1.4.1 Soaking … · soaks until Nov 28, 2026, 6:00 PM 1.4.2 Queued, and 2 more',
    retrying:
      'prod 1.3.0 … → 1.4.1 Retrying … · git.example.com cannot be reached, next attempt at 12:40 UTC',
    'rolled-back': 'prod 1.3.0 … 1.4.1 Rolled back … · to 1.3.0 1.4.1 Held back … · rolled back',
    suspended: 'prod 1.3.0 … → 1.4.1 Suspended … · suspended',
    'tests-failed': 'prod 1.3.0 … → 1.4.1 Tests failed … · the Helm tests failed in staging',
    'two-environments': 'prod Nothing promoted yet',
    window: 'prod 1.3.0 … → 1.4.1 Waits for its window … · window opens Mon 09:00 CET',
  });
  expect(await rowOf(page, 'broken').getByRole('rowheader').innerText()).toMatch(/Invalid\s+spec is missing/);
  expect(await rowOf(page, 'suspended').getByRole('rowheader').innerText()).toContain('Suspended');
  const link = rowOf(page, 'pull-request').getByRole('link', { name: '#12' });
  expect(await link.getAttribute('href')).toBe('https://git.example.com/acme/fleet/pull/12');
});

it('keeps filters, search and sorting in the address, over a reload and back again', async () => {
  const page = await open();
  await page.getByRole('button', { name: /^Needs approval/ }).click();
  await expectNames(page, ['approval', 'approval-with-pull-request']);
  await page.getByRole('searchbox', { name: 'Search' }).fill('with-pull');
  await expectNames(page, ['approval-with-pull-request']);
  await page.reload();
  await expectNames(page, ['approval-with-pull-request']);
  expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('with-pull');
  expect(await page.getByRole('button', { name: /^Needs approval/ }).getAttribute('aria-pressed')).toBe(
    'true',
  );
  expect(await page.getByText('1 Pipeline matches the filters').isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rowOf(page, 'broken').waitFor();
  expect(new URL(page.url()).search).toBe('');
  await page.goBack();
  await expectNames(page, ['approval-with-pull-request']);
});

it('filters by namespace and label, and sorts by what has waited longest', async () => {
  const page = await open({ path: '/?state=open' });
  await page.getByLabel('Sort by').selectOption('Longest wait');
  await eventually(async () => expect(await namesOn(page)).toHaveLength(2));
  await page.getByRole('combobox', { name: 'Label' }).fill('team=other');
  await page.getByRole('combobox', { name: 'Label' }).press('Enter');
  await page.getByRole('heading', { name: 'No Pipeline matches these filters' }).waitFor();
  expect(new URL(page.url()).search).toBe('?label=team%3Dother&state=open&sort=waiting');
  await page.getByRole('combobox', { name: 'Label' }).fill('team=payments');
  await page.getByRole('combobox', { name: 'Namespace' }).fill('apps');
  await page.getByRole('combobox', { name: 'Namespace' }).press('Enter');
  await eventually(async () => expect(await namesOn(page)).toHaveLength(2));
});

it('an address with an impossible filter says what is wrong, and can be cleared', async () => {
  const page = await open({ path: '/?namespace=%3Cscript%3E' });
  expect(await page.getByRole('alert').innerText()).toContain('namespace');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rowOf(page, 'approval').waitFor();
});

it('is usable with the keyboard alone', async () => {
  const page = await open({ height: 500 });
  await rowOf(page, 'approval').waitFor();
  await page.keyboard.press('/');
  const focused = () =>
    page.evaluate<string>('document.activeElement.closest("label, a")?.textContent ?? ""');
  expect(await focused()).toContain('Search');
  await page.getByRole('link', { name: 'apps/approval', exact: true }).focus();
  for (const name of [
    'approval-with-pull-request',
    'broken',
    'dependency',
    'deployed',
    'differing',
    'expired',
  ]) {
    await page.keyboard.press('ArrowDown');
    await eventually(async () => expect(await focused()).toBe(`apps/${name}`));
  }
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name: /differing/ });
  await heading.waitFor();
  // Who does not see the page hears that it is another one.
  await eventually(async () => expect(await page.evaluate('document.activeElement.tagName')).toBe('H1'));
  expect(await page.title()).toMatch(/differing.*Windlass/);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Board' }).waitFor();
});

it.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
] as const)(
  'has no fault that axe knows, and does not scroll sideways: %s, %d px',
  async (colorScheme, width) => {
    const page = await open({ colorScheme, width });
    await rowOf(page, 'approval').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
  },
);

it('keeps the theme that was chosen', async () => {
  const page = await open({ colorScheme: 'light' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.getByLabel('Theme').selectOption('Dark');
  const dark = await eventually(async () => {
    const now = await background();
    expect(now).not.toBe(light);
    return now;
  });
  await page.reload();
  await rowOf(page, 'approval').waitFor();
  await eventually(async () => expect(await background()).toBe(dark));
});

it('says on every page what is frozen, why, by whom and until when', async () => {
  const page = await open({ path: '/figures' });
  const banner = page.getByRole('complementary', { name: 'Freezes' });
  expect(await banner.innerText()).toBe(
    'Frozen: Holidays · Promotions into prod, of all Pipelines in namespace apps, until Jan 4, 2037, 12:00:00 AM UTC. By oidc:alice.',
  );
});

it('shows hostile texts as texts, wherever they come from', async () => {
  const hostile = '<img src=x onerror=globalThis.hacked=1>';
  const lanes = new FakeLanes();
  const pipeline = pipelineThrough(['dev', hostile], { name: hostile, labels: { [hostile]: hostile } });
  lanes.put({
    schema: 1,
    pipeline: { namespace: 'apps', name: hostile },
    environment: hostile,
    sentence: hostile,
    running: [{ version: hostile, object: hostile, at: Date.now() }],
    acting: {
      version: hostile,
      action: 'promote',
      identity: 'a'.repeat(64),
      from: hostile,
      since: Date.now(),
      state: 'waiting-for-approval',
      waits: hostile.repeat(5),
      proposal: { url: 'javascript:globalThis.hacked=1', number: 1, at: Date.now() },
    },
    queued: [hostile],
    held: [
      { version: hostile, because: 'rejected', by: hostile, url: 'javascript:hacked=1', at: Date.now() },
    ],
    last: { version: hostile, state: 'expired', detail: hostile, by: hostile, endedAt: Date.now() },
    changedAt: Date.now(),
  });
  const server = await startPreparedDashboard({
    pipelines: [pipeline],
    lanes,
    invalid: [{ valid: false, pipeline: { namespace: 'apps', name: 'b' }, fault: hostile }],
    frozen: [
      {
        ...freeze,
        reason: hostile,
        author: hostile,
        environments: [hostile],
        pipelines: { names: [hostile] },
      },
      { ...freeze, name: hostile, reason: hostile, pipelines: { matchLabels: { [hostile]: hostile } } },
    ],
  });
  const page = await open({ width: 390, path: `/?search=${encodeURIComponent(hostile)}` }, server);
  await page.getByText('2 freezes are in force').click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('');
  await page.getByText('Needs approval', { exact: true }).waitFor();
  await page.getByText('#1', { exact: true }).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
  expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
  expect(await scrollsSideways(page)).toBe(false);
  await server.close();
});

it('says how to begin where there are no Pipelines, and whom to ask where someone may see none', async () => {
  const empty = await startPreparedDashboard({ pipelines: [] });
  const beginning = await open({}, empty);
  await beginning.getByRole('heading', { name: 'There are no Pipelines yet' }).waitFor();
  expect(await accessibilityFaults(beginning)).toEqual([]);
  const blind = await open({}, { ...dashboard, token: tokenOf('eve', ['approve']) });
  await blind.getByRole('heading', { name: 'You see no Pipelines' }).waitFor();
  expect(await accessibilityFaults(blind)).toEqual([]);
  await empty.close();
});
