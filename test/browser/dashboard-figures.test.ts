/** The pages of figures and of activity, over lanes with months of records. */
import { readFile } from 'node:fs/promises';
import { type Browser, type Page } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { accessibilityFaults } from '../support/dashboard/accessibility';
import { openDashboard, scrollsSideways } from '../support/dashboard/dashboard-page';
import { type PreparedDashboard, startPreparedDashboard } from '../support/dashboard/prepared-dashboard';
import { recordedLanes } from '../support/dashboard/recorded-lanes';
import { eventually } from '../support/eventually';
import { FakeLanes, operatorActs } from '../support/operator-api-server';

let browser: Browser;
let dashboard: PreparedDashboard;

beforeAll(async () => {
  browser = await openBrowser();
  const { pipelines, views, recordsOf } = recordedLanes(Date.now());
  const lanes = new FakeLanes();
  for (const view of views) lanes.put(view);
  dashboard = await startPreparedDashboard({
    pipelines,
    lanes,
    acts: operatorActs({ keptRecords: recordsOf }),
  });
});
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

const figuresHeading = (page: Page) => page.getByRole('heading', { name: 'Lead time', exact: true });

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it.each([
    ['/figures', 'Lead time by environment'],
    ['/activity?range=30', 'Export CSV'],
  ])('%s has no fault that axe knows, and fits a phone', async (path, text) => {
    const { page, faults, close } = await openDashboard(browser, dashboard, {
      path,
      colorScheme,
      width: 390,
    });
    await page.getByText(text).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    expect(faults).toEqual([]);
    await close();
  });
});

describe('figures', () => {
  it('are drawn, and the table beside a plot has the same numbers', async () => {
    const { page, close } = await openDashboard(browser, dashboard, { path: '/figures' });
    await figuresHeading(page).waitFor();
    const section = page.locator('section', { has: figuresHeading(page) });
    const plot = section.getByRole('img');
    expect(await colorsOf(plot.locator('canvas'))).toBeGreaterThan(3);
    const box = await plot.boundingBox();
    // The last week is at the right.
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 60);
    const shown = section.locator('figcaption strong');
    await shown.first().waitFor();
    const row = section.locator('tbody tr').first();
    expect(await shown.allTextContents()).toEqual((await row.locator('td').allTextContents()).slice(1));
    await close();
  });

  it('are drawn again in the colors of another theme', async () => {
    const { page, close } = await openDashboard(browser, dashboard, { path: '/figures' });
    await figuresHeading(page).waitFor();
    const canvas = page.getByRole('img').first().locator('canvas');
    const before = await pixelsOf(canvas);
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(async () => (await pixelsOf(canvas)) !== before);
    expect(await pixelsOf(canvas)).not.toBe(before);
    await close();
  });

  it('are about what the address says, also after the page is loaded again', async () => {
    const { page, close } = await openDashboard(browser, dashboard, { path: '/figures' });
    await page.getByText('From the records of 6 environments').waitFor();
    await page.getByLabel('Label', { exact: true }).fill('team=b');
    await page.getByLabel('Label', { exact: true }).press('Enter');
    await page.getByText('From the records of 2 environments').waitFor();
    await page.getByLabel('Range').selectOption('26 weeks');
    await page.reload();
    await page.getByText('From the records of 2 environments').waitFor();
    expect(new URL(page.url()).search).toBe('?label=team%3Db&weeks=26');
    expect(await page.getByLabel('Label', { exact: true }).inputValue()).toBe('team=b');
    await close();
  });

  it('say from when on they are complete', async () => {
    const { page, close } = await openDashboard(browser, dashboard, { path: '/figures?weeks=12' });
    await page.getByText(/^Complete since/).waitFor();
    expect(await page.getByText('incomplete').count()).toBeGreaterThan(0);
    await close();
  });
});

describe('activity', () => {
  it('is listed by day, and narrowed by a click on a person', async () => {
    const { page, close } = await openDashboard(browser, dashboard, {
      path: '/activity?range=30&kind=decisions',
    });
    const lines = page.getByRole('main').getByRole('listitem');
    await lines.first().waitFor();
    const before = await lines.count();
    await page.getByRole('button', { name: 'oidc:alice@example.com' }).first().click();
    await eventually(async () => (await lines.count()) < before);
    expect(await page.getByRole('button', { name: 'oidc:bob@example.com' }).count()).toBe(0);
    await page.reload();
    await lines.first().waitFor();
    expect(await page.getByLabel('Person').inputValue()).toBe('oidc:alice@example.com');
    await close();
  });

  it('is exported as it is filtered, without formulas', async () => {
    const path = '/activity?range=90&kind=rollback-requested';
    const { page, close } = await openDashboard(browser, dashboard, { path });
    const lines = page.getByRole('main').getByRole('listitem');
    await lines.first().waitFor();
    const csv = await exported(page, 'Export CSV');
    const [head, first = '', ...rest] = csv.trimEnd().split('\r\n');
    expect(head).toBe('at,kind,namespace,pipeline,environment,version,head,by,groups,via,from,detail');
    expect(first).toContain(`"'=1+1, checkout fails for <b>guests</b>"`);
    expect(rest).toHaveLength((await lines.count()) - 1);
    const json = JSON.parse(await exported(page, 'Export JSON')) as { readonly records: readonly object[] };
    expect(json.records).toHaveLength(await lines.count());
    await close();
  });

  it('shows what people wrote as text', async () => {
    const path = '/activity?range=90&kind=rollback-requested';
    const { page, close } = await openDashboard(browser, dashboard, { path });
    await page.getByText('checkout fails for <b>guests</b>').first().waitFor();
    expect(await page.locator('main b').count()).toBe(0);
    await close();
  });

  it('waits while others read the record', async () => {
    const { page, close } = await openDashboard(browser, dashboard, { path: '/figures' });
    let refusals = 1;
    await page.route('**/api/v1/audit?*', async (route) => {
      refusals -= 1;
      if (refusals < 0) return route.continue();
      const problem = { title: 'Too Many Requests', status: 429, detail: 'Wait.', code: 'too-many-requests' };
      return route.fulfill({
        status: 429,
        contentType: 'application/problem+json',
        body: JSON.stringify(problem),
      });
    });
    await page.getByRole('navigation').getByRole('link', { name: 'Activity' }).click();
    await page.getByText('Other people are reading the record').waitFor();
    await page.getByRole('main').getByRole('listitem').first().waitFor();
    expect(refusals).toBeLessThan(0);
    await close();
  });
});

async function exported(page: Page, name: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

function pixelsOf(canvas: ReturnType<Page['locator']>): Promise<string> {
  return canvas.evaluate((element) => (element as unknown as { toDataURL(): string }).toDataURL());
}

/** How many colors a plot has, without those of smooth edges. */
function colorsOf(canvas: ReturnType<Page['locator']>): Promise<number> {
  return canvas.evaluate((element) => {
    const canvas = element as unknown as {
      readonly width: number;
      readonly height: number;
      getContext(kind: '2d'): {
        getImageData(x: number, y: number, w: number, h: number): { readonly data: Uint8ClampedArray };
      };
    };
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colors = new Set<string>();
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] === 255) colors.add(data.slice(at, at + 3).join());
    return colors.size;
  });
}
