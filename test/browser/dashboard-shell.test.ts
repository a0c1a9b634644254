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
