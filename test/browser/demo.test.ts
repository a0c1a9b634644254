import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { openBrowser, openPage } from '../support/browser';
import { eventually } from '../support/eventually';
import { type DemoProcess, startDemo } from './demo-process';

/** Windlass and Temporal start on a machine that may be busy. */
const startLimitMs = 90_000;

let browser: Browser;
let page: Page;
let directory: string;
let demo: DemoProcess;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  page = await openPage(browser);
  directory = await mkdtemp(join(tmpdir(), 'windlass-browser-'));
  demo = startDemo(directory);
});

afterEach(async () => {
  await demo.interrupt();
  await page.context().close();
  await rm(directory, { recursive: true, force: true });
});

/** The address that the demo prints behind a label, last. */
const printed = (label: string): Promise<string> =>
  eventually(() => {
    const found = [...demo.output().matchAll(new RegExp(`${label} +(http://\\S+)`, 'g'))].at(-1)?.[1];
    if (found === undefined) throw new Error(`The demo has printed no ${label}:\n${demo.output()}`);
    return found;
  }, startLimitMs);

/** @param link that logs in, once */
async function approveOnDashboard(link: string): Promise<void> {
  const board = await page.context().newPage();
  const faults: string[] = [];
  board.on('pageerror', (error) => void faults.push(String(error)));
  await board.goto(link);
  await board.getByRole('link', { name: 'demo/podinfo' }).click();
  await board.getByRole('button', { name: 'Approve 1.4.1 in prod' }).click();
  const dialog = board.getByRole('dialog');
  expect(await dialog.innerText()).toContain('1.4.1');
  await dialog.getByRole('button', { name: 'Approve 1.4.1' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await board.getByText('1 of 1 approval').first().waitFor();
  expect(faults).toEqual([]);
  await board.close();
}

const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();

it('stops a version whose tests fail, and brings the next one to prod by clicks and one approval', async () => {
  const firstPullRequest = await printed('Pull request');

  await page.goto(firstPullRequest);
  expect(await page.title()).toContain('Promote demo/podinfo in staging to 1.4.0');
  const body = await page.locator('main').innerText();
  expect(body).toContain('Brings podinfo from 1.3.0 to 1.4.0 in staging: a minor upgrade.');
  expect(body).toMatch(/version: 1\.3\.0 # \{"\$promotion": "demo:podinfo:staging"\}/);
  expect(body).toMatch(/version: 1\.4\.0 # \{"\$promotion": "demo:podinfo:staging"\}/);

  await page.getByRole('link', { name: 'The promotion in the Temporal Web UI' }).click();
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  // Temporal shows Markdown in frames of their own.
  await eventually(async () => {
    const frames = await page.locator('iframe').all();
    const shown = await Promise.all(frames.map((frame) => frame.contentFrame().locator('body').innerText()));
    expect(shown.join()).toContain('Pull request #1 brings staging from 1.3.0 to 1.4.0.');
  });

  await page.goto(firstPullRequest);
  await page.getByRole('button', { name: 'Merge pull request' }).click();
  await eventually(async () => expect(await texts('.badge')).toContain('merged'));
  await eventually(
    () => expect(demo.output()).toContain('prod waits for 1.4.0: the Helm tests failed in staging\n'),
    startLimitMs,
  );
  // The page reloads until the next pull request appears: the one of the fixed version.
  await page.getByRole('link', { name: 'Promote demo/podinfo in staging to 1.4.1' }).click();
  await page.getByRole('button', { name: 'Merge pull request' }).click();

  await page.getByRole('link', { name: 'Promote demo/podinfo in prod to 1.4.1' }).click();
  await eventually(async () =>
    expect(await page.locator('main').innerText()).toMatch(
      /windlass\/gates\s+prod waits for 1\.4\.1: 0 of 1 approval\.\s+pending/,
    ),
  );
  expect(await page.getByRole('button', { name: 'Merge pull request' }).isDisabled()).toBe(true);
  await eventually(() => expect(demo.output()).toContain('To approve it, use the dashboard'));
  await approveOnDashboard(await printed('Dashboard'));
  await eventually(() => expect(demo.output()).toContain('success: The gates are open.'));
  // It is enabled once the page has reloaded.
  await page.getByRole('button', { name: 'Merge pull request' }).click();
  await eventually(() => expect(demo.output()).toContain('1.4.1 is in every environment'), startLimitMs);
  const addresses = await Promise.all(['Demo forge', 'Windlass webhook', 'Temporal Web UI'].map(printed));
  expect(await demo.interrupt()).toBe(0);
  expect(demo.output()).toContain('no processes or files remain');
  expect(await readdir(directory)).toEqual([]);
  for (const address of addresses) await expect(fetch(address)).rejects.toThrow('fetch failed');
});

it('ends at once in the middle of a promotion', async () => {
  await printed('Pull request');
  expect(await demo.interrupt()).toBe(0);
  expect(demo.output()).toMatch(/no processes or files remain\.\n$/);
});
