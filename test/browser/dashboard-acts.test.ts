/** People act from the pages of the real program, and see what comes of it. */
import { type Browser, type Locator, type Page } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { type DashboardPage, openDashboard } from '../support/dashboard/dashboard-page';
import { type RealDashboard, startRealDashboard } from '../support/dashboard/real-dashboard';
import { eventually } from '../support/eventually';
import { branchOf, pipelineManifest, pullRequestPromotion, repository } from '../support/installation';

let browser: Browser;
let dashboard: RealDashboard;
const opened: DashboardPage[] = [];

/** Lists are a few seconds behind, and the machine may be busy. */
const limitMs = 60_000;

beforeAll(async () => {
  browser = await openBrowser();
  dashboard = await startRealDashboard({
    flags: ['--promotion-hook-rate-limit=1000'],
    pipeline: (forge) =>
      pipelineManifest(pullRequestPromotion(forge)).replace(
        'spec:\n',
        'spec:\n  gates: { stage: merge, approvals: { required: 1 } }\n',
      ),
  });
  const { installation } = dashboard;
  for (const environment of ['dev', 'staging', 'prod']) {
    await installation.report({ version: '1.0.0', environment, release: 1 });
  }
  await installation.report({ version: '1.1.0', environment: 'dev', release: 2 });
}, 180_000);
const closeAll = async (): Promise<void> => {
  const faults = opened.flatMap((each) => each.faults);
  await Promise.all(opened.splice(0).map((each) => each.close()));
  if (faults.length > 0) throw new Error(`The pages have faults: ${faults.join('; ')}`);
};
afterEach(closeAll);
afterAll(async () => {
  await browser.close();
  await dashboard.close();
});

async function openPipeline(): Promise<Page> {
  const one = await openDashboard(browser, dashboard, { path: '/pipelines/apps/shop' });
  one.page.setDefaultTimeout(limitMs);
  opened.push(one);
  return one.page;
}

const card = (page: Page, environment: string) => page.getByRole('article', { name: environment });
const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const expectShown = (locator: Locator): Promise<void> => locator.waitFor();
const expectGone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'detached' });
const said = (page: Page) => page.getByRole('main').getByRole('status').last();

it('approves the commit that was looked at, and shows without a reload what comes of it', async () => {
  const page = await openPipeline();
  await act(page, 'Approve 1.1.0 in staging').click();
  const dialog = page.getByRole('dialog', { name: 'Approve 1.1.0 for staging' });
  const head = (await dashboard.installation.forge.branches(repository)).get(branchOf('staging')) ?? '';
  await expectShown(dialog.getByText(`in commit ${head.slice(0, 7)} alone`));
  await expectShown(dialog.getByText('staging runs 1.0.0 and gets 1.1.0.'));
  await dialog.getByRole('button', { name: 'Approve 1.1.0' }).click();
  await expectShown(page.getByText('1.1.0 is approved.'));
  await expectGone(act(page, 'Approve 1.1.0 in staging'));

  await dashboard.installation.forge.mergePullRequest(repository, 1, 'alice');
  await dashboard.installation.report({ version: '1.1.0', environment: 'staging', release: 2 });
  await expectShown(card(page, 'staging').getByText('1.1.0: Deployed by alice'));
});

it('the promotion shows its way, who approved it, and leads to its pull request', async () => {
  const page = await openPipeline();
  await page
    .getByRole('row', { name: /1\.1\.0 staging/ })
    .getByRole('link')
    .click();
  await expectShown(page.getByRole('heading', { level: 1, name: '1.1.0 into staging' }));
  const way = page.getByRole('region', { name: 'The way of this promotion' });
  await eventually(async () =>
    expect(
      (await way.getByRole('listitem').allInnerTexts()).map((text) => /[A-Z]\w+/.exec(text)?.[0]),
    ).toEqual(['Reported', 'Proposed', 'Approved', 'Merged', 'Deployed']),
  );
  await expectShown(page.getByRole('region', { name: 'Approvals' }).getByText('token:local'));
  expect(await page.getByRole('link', { name: 'Pull request #1' }).getAttribute('href')).toBe(
    `${dashboard.installation.forge.url}/${repository}/pull/1`,
  );
});

it('of two tabs that approve at once, the second gets the reason, and both show the same', async () => {
  const [first, second] = [await openPipeline(), await openPipeline()];
  for (const page of [first, second]) await act(page, 'Approve 1.1.0 in prod').click();
  await first.getByRole('dialog').getByRole('button', { name: 'Approve 1.1.0' }).click();
  await expectShown(said(first).getByText('1.1.0 is approved.'));
  await second.getByRole('dialog').getByRole('button', { name: 'Approve 1.1.0' }).click();
  const refusal = second.getByRole('dialog').getByRole('alert');
  await expectShown(refusal.getByText('Nothing was done.'));
  await second.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  for (const page of [first, second]) {
    await expectGone(act(page, 'Approve 1.1.0 in prod'));
    await expectShown(card(page, 'prod').getByRole('link', { name: 'Pull request #2' }));
  }
});

it('rejects with the keyboard alone, and needs a reason', async () => {
  await dashboard.installation.report({ version: '1.2.0', environment: 'dev', release: 3 });
  const page = await openPipeline();
  await act(page, 'Reject 1.2.0 in staging').focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Reject 1.2.0 for staging' });
  await expectShown(dialog);
  // Refused by the browser: there is no reason yet.
  await dialog.getByRole('button', { name: 'Reject 1.2.0' }).press('Enter');
  await page.keyboard.type('Broken checkout');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectShown(card(page, 'staging').getByText('it was rejected by token:local'));
});

it('gives the focus back to the button when a dialog is left with Escape', async () => {
  const page = await openPipeline();
  await act(page, 'Suspend prod').click();
  await expectShown(page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await expectGone(page.getByRole('dialog'));
  expect(await page.evaluate(`document.activeElement?.getAttribute('aria-label')`)).toBe('Suspend prod');
});

it('rolls back to a version that the environment has run', async () => {
  const page = await openPipeline();
  await act(page, 'Roll back staging').click();
  const dialog = page.getByRole('dialog', { name: 'Roll staging back' });
  await dialog.getByRole('radio', { name: /1\.0\.0/ }).check();
  await expectShown(dialog.getByText('staging runs 1.1.0 and gets 1.0.0.'));
  await dialog.getByLabel('Reason').fill('Orders are lost');
  await dialog.getByRole('button', { name: 'Roll back to 1.0.0' }).click();
  await expectShown(said(page).getByText('Rolling staging back to 1.0.0.'));
  await expectShown(card(page, 'staging').getByRole('heading', { name: 'Next: 1.0.0' }));
});

it('suspends an environment and resumes it', async () => {
  const page = await openPipeline();
  await act(page, 'Suspend prod').click();
  await page.getByLabel('Reason').fill('Audit');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await act(page, 'Resume prod').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await expectShown(act(page, 'Suspend prod'));
});

it('freezes the Pipeline, says why on its page, and ends the freeze', async () => {
  const page = await openPipeline();
  await act(page, 'Freeze apps/shop').click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Fair at the weekend');
  await page.getByRole('dialog').getByRole('button', { name: 'Freeze' }).click();
  await expectShown(page.getByText('Frozen. Fair at the weekend (token:local)'));
  const end = page.getByRole('button', { name: /^End freeze apps\/windlass-/ });
  await end.click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the freeze' }).click();
  await expectGone(end);
});
