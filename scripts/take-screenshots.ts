/**
 * Takes the screenshots in docs/images, by `node bench/run.mjs scripts/take-screenshots.ts` after a build: the pages of the
 * dashboard over made-up Pipelines, and the pull request of the demo. Take them again when pages change.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type PromotionHistory } from '../src/temporal/promotion-history';
import { promotionId } from '../src/workflows/contract/ids';
import { openBrowser } from '../test/support/browser';
import { acts, everyCellPipelines, pipelineThrough, runs } from '../test/support/dashboard/board-fixture';
import { openDashboard } from '../test/support/dashboard/dashboard-page';
import { startPreparedDashboard } from '../test/support/dashboard/prepared-dashboard';
import { recordedLanes } from '../test/support/dashboard/recorded-lanes';
import { deployment } from '../test/support/events';
import { laneViewOf } from '../test/support/lane-views';
import { FakeLanes, operatorActs } from '../test/support/operator-api-server';

const root = join(__dirname, '..');
const image = (name: string): string => join(root, 'docs/images', `${name}.png`);
const minute = 60_000;
type Browser = Awaited<ReturnType<typeof openBrowser>>;

export async function main(): Promise<void> {
  const browser = await openBrowser();
  try {
    await photographDashboard(browser);
    await photographPullRequest(browser);
  } finally {
    await browser.close();
  }
}

async function photographDashboard(browser: Browser): Promise<void> {
  const now = Date.now();
  const pipeline = { namespace: 'apps', name: 'checkout' };
  const event = deployment({ pipeline, version: '2.4.1', environment: 'staging', at: now - 200 * minute });
  const id = promotionId(pipeline, 'prod', '2.4.1', event.identity);
  const recorded = recordedLanes(now);
  const lanes = new FakeLanes();
  for (const view of recorded.views) lanes.put(view);
  const pullRequest = { url: 'https://git.example.com/acme/fleet/pull/7', number: 7, at: now - 180 * minute };
  const waits = 'prod waits for 2.4.1: 1 of 2 approvals';
  const changedAt = now - 3 * minute;
  lanes.put(
    laneViewOf({
      ...{ pipeline, environment: 'staging', changedAt },
      ...{ ...runs(['2.4.1', 200]), source: runs(['2.4.2', 20]).running ?? [] },
      last: { version: '2.4.1', state: 'deployed', endedAt: now - 199 * minute },
    }),
  );
  lanes.put(
    laneViewOf({
      ...{ pipeline, environment: 'prod', changedAt },
      ...{ ...runs(['2.3.0', 3_000]), source: runs(['2.4.1', 200]).running ?? [] },
      ...acts('2.4.1', 'waiting-for-approval', {
        ...{ identity: event.identity, from: 'staging', waits, proposal: pullRequest },
      }),
      queued: ['2.4.2'],
      last: { version: '2.3.0', state: 'deployed', endedAt: now - 2_900 * minute },
    }),
  );
  const task = { action: 'promote', pipeline, version: '2.4.1', from: 'staging', to: 'prod', event } as const;
  const history: PromotionHistory = {
    steps: [
      { state: 'promoting', at: now - 182 * minute },
      { state: 'pull-request', at: now - 180 * minute },
    ],
    attempts: [
      {
        ...{ at: now - 190 * minute, outcome: 'failed', code: 'provider-unavailable' },
        reason: "git.example.com answered 503. Check the Git provider's status page.",
      },
      { at: now - 182 * minute, outcome: 'done' },
    ],
    decisions: [
      {
        kind: 'approved',
        by: 'oidc:alice@example.com',
        at: now - 90 * minute,
        detail: 'Tested on staging.',
      },
    ],
  };
  const promotion = {
    ...{ workflowId: id, task, state: 'waiting-for-approval', ended: false, startedAt: now - 200 * minute },
    history,
  };
  const dashboard = await startPreparedDashboard({
    pipelines: [
      ...everyCellPipelines(lanes),
      { ...pipelineThrough(['dev', 'staging', 'prod'], pipeline), labels: { team: 'payments' } },
      ...recorded.pipelines,
    ],
    lanes,
    acts: operatorActs({ keptRecords: recorded.recordsOf }),
    promotions: {
      list: () => Promise.resolve({ items: [promotion] }),
      get: (workflowId) => Promise.resolve(workflowId === id ? promotion : undefined),
      closedGates: () =>
        Promise.resolve([
          {
            ...{ gate: 'approvals', excluded: ['oidc:alice@example.com'] },
            says: '1 of 2 approvals. Approved by oidc:alice@example.com. A newer version replaces it and needs new approvals.',
          },
        ]),
      proposedHead: () => Promise.resolve('abcdef0123456789abcdef0123456789abcdef01'),
    },
  });
  const shots = [
    { name: 'board', path: '/', colorScheme: 'light', width: 1440 },
    { name: 'board-dark', path: '/', colorScheme: 'dark', width: 1440 },
    { name: 'board-narrow', path: '/', colorScheme: 'light', width: 390 },
    { name: 'pipeline', path: '/pipelines/apps/checkout', colorScheme: 'light', width: 1440 },
    { name: 'promotion', path: `/promotions/${encodeURIComponent(id)}`, colorScheme: 'light', width: 1440 },
    { name: 'activity', path: '/activity?range=30', colorScheme: 'light', width: 1440 },
    { name: 'figures', path: '/figures', colorScheme: 'dark', width: 1440 },
  ] as const;
  for (const { name, path, ...look } of shots) {
    const { page, close } = await openDashboard(browser, dashboard, { path, ...look });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
    await page.screenshot({ path: image(name) });
    await close();
  }
  await dashboard.close();
}

/** Of the demo's own Git service. */
async function photographPullRequest(browser: Browser): Promise<void> {
  const demo = spawn(process.execPath, [join(root, 'dist/demo/main.js')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  for await (const chunk of demo.stdout) {
    output += String(chunk);
    const address = /Pull request +(http:\/\/\S+)/.exec(output)?.[1];
    if (address === undefined) continue;
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, locale: 'en-US' });
    await page.goto(address);
    await page.locator('main').waitFor();
    await page.screenshot({ path: image('pull-request') });
    break;
  }
  demo.kill('SIGINT');
  if (demo.exitCode === null) await once(demo, 'exit');
}
