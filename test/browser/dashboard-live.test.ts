import { type Browser } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { openDashboard } from '../support/dashboard/dashboard-page';
import { type RealDashboard, startRealDashboard } from '../support/dashboard/real-dashboard';
import { eventually } from '../support/eventually';

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

it('shows what Flux reports and what Windlass proposes, without a reload', async () => {
  const { page, faults, close } = await openDashboard(browser, dashboard);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'apps/shop' }) });
  await row.getByText('Nothing reported yet').waitFor();
  await dashboard.installation.report({ version: '1.1.0', release: 2 });
  await row.getByText('To be merged').waitFor();
  const [dev, staging] = await row.getByRole('cell').allInnerTexts();
  expect(dev).toMatch(/^dev\s+1\.1\.0\s/);
  expect(staging).toMatch(/1\.1\.0\s+To be merged\s+#1/);
  await row.getByRole('link', { name: '#1' }).waitFor();

  await dashboard.installation.forge.mergePullRequest('acme/fleet', 1, 'alice');
  await dashboard.installation.report({ version: '1.1.0', environment: 'staging', release: 2 });
  await eventually(async () =>
    expect(await row.getByRole('cell').nth(1).innerText()).toMatch(/^staging\s+1\.1\.0/),
  );
  expect(faults).toEqual([]);
  await close();
});
