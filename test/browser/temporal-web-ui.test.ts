import { type Browser, type Page } from 'playwright-core';
import { lookSignal } from '../../src/workflows/contract/messages';
import { openBrowser, openPage } from '../support/browser';
import { eventually } from '../support/eventually';
import { createInstallation, type Installation, pathOf, repository } from '../support/installation';

/** A promotion into staging that opened its pull request, and one into prod whose manifest has lost its marker. */
let installation: Installation;
let browser: Browser;
let page: Page;
let workflowsUrl: string;

beforeAll(async () => {
  const ui = process.env['WINDLASS_TEST_TEMPORAL_UI'];
  if (ui === undefined) throw new Error('The Temporal global set-up has started no server.');
  browser = await openBrowser();
  installation = await createInstallation();
  workflowsUrl = `${ui}/namespaces/${installation.client.options.namespace}/workflows`;
  await Promise.all([installation.startApi(), installation.startWorker()]);
  await installation.forge.commit(
    repository,
    'main',
    { [pathOf('prod')]: 'kind: HelmRelease\n' },
    'Drop the marker',
  );
  await installation.report({ version: '1.1.0', environment: 'dev', release: 2 });
  await installation.report({ version: '1.1.0', environment: 'staging', release: 2 });
  const reached = `WorkflowType = 'promotion' AND WindlassState IN ('pull-request', 'failed')`;
  await eventually(async () => (await installation.client.workflow.count(reached)).count === 2);
});

beforeEach(async () => {
  page = await openPage(browser);
});
afterEach(() => page.context().close());

afterAll(async () => {
  await browser.close();
  await installation.close();
});

async function listed(type: 'promotion' | 'lane' | 'follower'): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of installation.client.workflow.list({
    query: `WorkflowType = '${type}'`,
  })) {
    ids.push(workflowId);
  }
  return ids;
}

async function promotionInto(environment: string): Promise<string> {
  const id = (await listed('promotion')).find((each) => each.includes(`/${environment}/`));
  if (id === undefined) throw new Error(`There is no promotion into ${environment}.`);
  return id;
}

const pageOf = (workflowId: string): string => `${workflowsUrl}/${encodeURIComponent(workflowId)}`;

const expectShown = (...texts: readonly (string | RegExp)[]): Promise<void> =>
  eventually(async () => {
    const shown = await page.locator('main').innerText();
    for (const text of texts) expect(shown).toMatch(text);
  });

/** Temporal shows Markdown in frames of their own; waits until there are so many with a text. */
const renderedMarkdown = (count: number): Promise<string[]> =>
  eventually(async () => {
    const frames = await page.locator('iframe').all();
    const texts = await Promise.all(frames.map((frame) => frame.contentFrame().locator('body').innerText()));
    // Between paragraphs, the browser counts their margins as lines.
    const filled = texts.map((text) => text.trim().replace(/\n{2,}/g, '\n\n')).filter((text) => text !== '');
    if (filled.length !== count) throw new Error(`${filled.length} of ${count} texts: ${filled.join('; ')}`);
    return filled;
  });

it('lists every lane and every promotion as a row that names what it is', async () => {
  await page.goto(workflowsUrl);
  const rows = [...(await listed('lane')), ...(await listed('promotion'))];
  expect(rows).toHaveLength(4);
  for (const id of rows) await page.getByRole('link', { name: id, exact: true }).waitFor();
  await expectShown(/RUNNING/, /FAILED/);
});

it('finds promotions by pipeline, environment, version and state', async () => {
  const query =
    'WindlassPipeline="apps/shop" AND WindlassEnvironment="staging" AND WindlassVersion="1.1.0" AND WindlassState="pull-request"';
  await page.goto(`${workflowsUrl}?query=${encodeURIComponent(query)}`);
  await page.getByRole('link', { name: await promotionInto('staging'), exact: true }).waitFor();
  expect(await page.getByRole('link', { name: /^(lane|promotion)\/.+/ }).count()).toBe(1);
});

it("tells in a promotion's metadata what it did, for people", async () => {
  await page.goto(pageOf(await promotionInto('staging')));
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  const [summary, details, currentDetails] = await renderedMarkdown(3);
  expect(summary).toBe('apps/shop: 1.1.0 from dev to staging');
  expect(details).toMatch(/^dev\/shop in dev runs 1\.1\.0 since \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
  expect(currentDetails).toBe(
    'Pull request #1 brings staging from 1.0.0 to 1.1.0.\n\nMerge it to deploy, or close it to keep staging as it is.',
  );
});

it('shows a promotion that failed as failed, with a sentence that says what to do', async () => {
  await page.goto(pageOf(await promotionInto('prod')));
  await expectShown(
    'FAILED',
    /Add the marker comment at the end of the version's line in the manifest of that environment, then retry the promotion\./,
  );
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  const [, , currentDetails] = await renderedMarkdown(3);
  // To the letter: the marker is there to be copied.
  expect(currentDetails).toContain(
    'No manifest on the branch main has the marker # {"$promotion": "apps:shop:prod"}.',
  );
});

it('shows a promotion that was merged and deployed as completed, with its pull request and who merged it', async () => {
  const promotion = await promotionInto('staging');
  await installation.forge.mergePullRequest(repository, 1, 'alice');
  for (const id of await listed('follower')) {
    await installation.client.workflow.getHandle(id).signal(lookSignal);
  }
  // Staging has reported the version already.
  await installation.client.workflow.getHandle(promotion).result();
  await page.goto(pageOf(promotion));
  await expectShown('COMPLETED', 'deployed', 'alice', `${installation.forge.url}/${repository}/pull/1`);
});
