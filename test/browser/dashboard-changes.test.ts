/** The board while things change, and with thousands of Pipelines. */
import { type Browser, type Page } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { acts, pipelineThrough, runs } from '../support/dashboard/board-fixture';
import { openDashboard } from '../support/dashboard/dashboard-page';
import { startPreparedDashboard } from '../support/dashboard/prepared-dashboard';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { FakeLanes } from '../support/operator-api-server';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const environments = ['dev', 'staging', 'prod'];

function putRelease(
  lanes: FakeLanes,
  name: string,
  version: string,
  state: 'promoting' | 'pull-request',
): void {
  const pipeline = { namespace: 'apps', name };
  const view = { schema: 1, pipeline, environment: 'prod', sentence: '', changedAt: Date.now() } as const;
  lanes.put({ ...view, ...runs(['1.0.0', 60]), ...acts(version, state) });
}

/** The requests for lists, without those that only count. */
function listRequests(page: Page): URL[] {
  const urls: URL[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/v1/pipelines' && url.searchParams.get('limit') !== '1') urls.push(url);
  });
  return urls;
}

it('shows 5,000 Pipelines to the last one, draws few at a time, and patches them by events', async () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `app-${String(index).padStart(4, '0')}`);
  const lanes = new FakeLanes();
  for (const name of names) putRelease(lanes, name, '1.1.0', 'promoting');
  const pipelines = names.map((name) => pipelineThrough(environments, { name }));
  const server = await startPreparedDashboard({ pipelines, lanes });
  const { page, faults, close } = await openDashboard(browser, server);
  const requests = listRequests(page);
  await page.reload();
  await page.getByText('5,000 Pipelines').waitFor();
  const last = page.getByRole('link', { name: 'apps/app-4999' });
  await eventually(async () => {
    await page.keyboard.press('End');
    return last.isVisible();
  });
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  // One of 100 and ten of 500.
  expect(requests.length).toBeGreaterThanOrEqual(11);

  // A storm: everything changes at once.
  for (const name of names) putRelease(lanes, name, '1.2.0', 'pull-request');
  await page.getByText('1.2.0').first().waitFor();
  await eventually(async () => {
    const said = await page.getByText(/In progress|To be merged/).allInnerTexts();
    expect(new Set(said)).toEqual(new Set(['To be merged']));
  });
  // These are more changes than the server keeps for those who are behind: the lists may have to be read again, but not
  // once for each change.
  expect(requests.length).toBeLessThan(50);
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  expect(faults).toEqual([]);
  await close();
  await server.close();
});

it('a hidden page gives its connection back, and shows what it missed when it is shown again', async () => {
  const lanes = new FakeLanes();
  putRelease(lanes, 'a', '1.1.0', 'promoting');
  const server = await startPreparedDashboard({
    pipelines: [pipelineThrough(environments, { name: 'a' })],
    lanes,
  });
  const { page, faults, close } = await openDashboard(browser, server);
  await page.getByText('in progress').waitFor();
  await page.clock.install();
  const streamEnds = page.waitForEvent('requestfailed', (request) =>
    request.url().endsWith('/api/v1/events'),
  );
  await showAs(page, 'hidden');
  await page.clock.fastForward(10_000);
  await streamEnds;
  // Longer than after which a lost connection is named.
  await page.clock.fastForward(20_000);
  putRelease(lanes, 'a', '1.1.0', 'pull-request');
  await eventually(() =>
    [...server.api.model.lanes()].some(({ acting }) => acting?.state === 'pull-request'),
  );
  expect(await page.getByText('in progress').isVisible()).toBe(true);
  expect(await page.getByText('is lost').count()).toBe(0);

  await showAs(page, 'visible');
  await page.getByText('to be merged').waitFor();
  putRelease(lanes, 'a', '1.2.0', 'promoting');
  await page.getByText('1.2.0').waitFor();
  expect(faults).toEqual([]);
  await close();
  await server.close();
});

/** As another tab in front of it does. */
function showAs(page: Page, state: 'hidden' | 'visible'): Promise<unknown> {
  return page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

it('follows changes, new and deleted Pipelines, new freezes and a restart of the server', async () => {
  const lanes = new FakeLanes();
  const port = await freePort();
  const pipelines = [
    pipelineThrough(environments, { name: 'a' }),
    pipelineThrough(environments, { name: 'b' }),
  ];
  putRelease(lanes, 'a', '1.1.0', 'promoting');
  const first = await startPreparedDashboard({ pipelines, lanes, port });
  const { page, faults, close } = await openDashboard(browser, first);
  await page.getByText('In progress').waitFor();
  const requests = listRequests(page);

  putRelease(lanes, 'a', '1.1.0', 'pull-request');
  await page.getByText('To be merged').waitFor();
  expect(requests).toEqual([]);

  pipelines.push(pipelineThrough(environments, { name: 'c' }));
  await page.getByRole('link', { name: 'apps/c' }).waitFor();
  pipelines.splice(1, 1);
  await page.getByRole('link', { name: 'apps/b' }).waitFor({ state: 'detached' });
  expect(await page.getByText('2 Pipelines').isVisible()).toBe(true);

  await first.close();
  await page.getByText('The connection to Windlass is lost').waitFor();
  putRelease(lanes, 'a', '1.2.0', 'promoting');
  const frozen = [{ namespace: 'apps', name: 'f', reason: 'Repair', ours: true }];
  const second = await startPreparedDashboard({ pipelines, lanes, port, frozen });
  await page.getByText('1.2.0').waitFor();
  await page.getByText('The connection to Windlass is lost').waitFor({ state: 'detached' });
  await page.getByText('Frozen: Repair').waitFor();

  lanes.polling = false;
  await page.getByText(/^No worker has answered/).waitFor();
  expect(faults).toEqual([]);
  await close();
  await second.close();
});
