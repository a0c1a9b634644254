import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Browser } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { accessibilityFaults } from '../support/dashboard/accessibility';
import { openDashboard } from '../support/dashboard/dashboard-page';
import { type PreparedDashboard, startPreparedDashboard } from '../support/dashboard/prepared-dashboard';
import { samplePipeline } from '../support/sample-pipeline';

let browser: Browser;
let dashboard: PreparedDashboard;

beforeAll(async () => {
  browser = await openBrowser();
  dashboard = await startPreparedDashboard({ pipelines: [samplePipeline] });
});
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

it.each(['light', 'dark'] as const)(
  'every page has its heading and no fault that axe knows, %s',
  async (colorScheme) => {
    const { page, faults, close } = await openDashboard(browser, dashboard, { colorScheme });
    for (const name of ['Board', 'Activity', 'Figures']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    expect(faults).toEqual([]);
    await close();
  },
);

it.each([
  ['/nothing', 'There is no such page'],
  ['/pipelines/apps/nothing', 'apps/nothing'],
])('%s has a heading, a title of it and no fault that axe knows', async (path, heading) => {
  const { page, close } = await openDashboard(browser, dashboard, { path });
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.getByRole('link', { name: /^Go to/ }).waitFor();
  expect(await page.title()).toBe(`${heading} · Windlass`);
  expect(await accessibilityFaults(page)).toEqual([]);
  await close();
});

it('moves the focus to the heading of a page, also when the page has loaded more slowly than its script', async () => {
  const { page, close } = await openDashboard(browser, dashboard);
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/v1/pipelines/pipelines/my-app', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('link', { name: 'pipelines/my-app' }).click();
  const focused = () =>
    page.evaluate('document.activeElement.localName + document.activeElement.textContent');
  await page.getByText('Loading the Pipeline').waitFor();
  expect(await focused()).toBe('h1pipelines/my-app');
  answer();
  await page.getByRole('region', { name: 'Environments' }).waitFor();
  expect(await focused()).toBe('h1pipelines/my-app');
  await close();
});

it('suggests for filters what the Pipelines have that a person sees', async () => {
  const { page, close } = await openDashboard(browser, dashboard, { path: '/activity' });
  const suggested = (label: string) =>
    page.getByRole('combobox', { name: label }).evaluate((field) => {
      const { list } = field as unknown as {
        readonly list: { readonly options: Iterable<{ value: string }> };
      };
      return [...list.options].map(({ value }) => value);
    });
  await page.locator('option[value="staging"]').waitFor({ state: 'attached' });
  expect(await suggested('Environment')).toEqual(['dev', 'staging', 'prod']);
  expect(await suggested('Namespace')).toEqual(['pipelines']);
  await close();
});

it('has less than 150 KB of script in all, as browsers take it over HTTPS', async () => {
  const assets = resolve(__dirname, '../../dist/dashboard/assets');
  const scripts = (await readdir(assets)).filter((name) => name.endsWith('.js.br'));
  const sizes = await Promise.all(scripts.map(async (name) => (await stat(join(assets, name))).size));
  expect(scripts.length).toBeGreaterThan(4);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});
