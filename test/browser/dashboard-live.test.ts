import { type Browser } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { openDashboard, scrollsSideways } from '../support/dashboard/dashboard-page';
import { type RealDashboard, startRealDashboard } from '../support/dashboard/real-dashboard';

let browser: Browser;
let dashboard: RealDashboard;

beforeAll(async () => {
  browser = await openBrowser();
  dashboard = await startRealDashboard();
}, 180_000);
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

it('shows the Pipelines of the program', async () => {
  const { page, faults, close } = await openDashboard(browser, dashboard, { width: 390 });
  await page.getByRole('link', { name: 'apps/shop' }).waitFor();
  expect(await scrollsSideways(page)).toBe(false);
  expect(faults).toEqual([]);
  await close();
});
