import { lookSignal, retrySignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import {
  branchOf,
  createInstallation,
  type Installation,
  pathOf,
  release,
  repository,
} from '../support/installation';
import { ended, laneState, openPullRequests } from '../support/lane-outcomes';

let installation: Installation;

beforeAll(async () => {
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=0', '--promotion-hook-rate-limit=1000'],
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(() => installation.close());

it('a signed event becomes a pull request whose diff is one line', async () => {
  const answer = await installation.report({ version: '1.1.0', release: 2 });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ status: 'accepted', lane: installation.lane('staging') });
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([
    { number: 1, title: 'Promote apps/shop in staging to 1.1.0' },
  ]);
  const changed = (await installation.forge.diff(repository, 1))
    .split('\n')
    .filter((line) => /^[-+] /.test(line));
  expect(changed).toEqual([
    '-      version: 1.0.0 # {"$promotion": "apps:shop:staging"}',
    '+      version: 1.1.0 # {"$promotion": "apps:shop:staging"}',
  ]);
});

it('a newer version takes the open pull request over', async () => {
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([
    { number: 1, title: 'Promote apps/shop in staging to 1.2.0' },
  ]);
  expect(await installation.manifest('staging', branchOf('staging'))).toBe(release('staging', '1.2.0'));
});

it('a second target with an older version changes nothing', async () => {
  const answer = await installation.report({ version: '1.1.0', release: 2, uid: 'uid-dev-2' });
  expect(answer.status).toBe(202);
  await eventually(async () => (await laneState(installation)).reports.length === 2);
  expect(await installation.manifest('staging', branchOf('staging'))).toBe(release('staging', '1.2.0'));
});

it("keeps a reviewer's commit on the branch", async () => {
  const path = pathOf('staging');
  const reviewed = release('staging', '1.2.0').replace(
    'name: shop\n',
    'name: shop\n  labels: { reviewed: "yes" }\n',
  );
  await installation.forge.commit(repository, branchOf('staging'), { [path]: reviewed }, 'Add a label');
  await installation.report({ version: '1.3.0', release: 4 });
  await ended(installation, '1.3.0', 'pull-request');
  expect(await installation.manifest('staging', branchOf('staging'))).toBe(
    reviewed.replace('1.2.0', '1.3.0'),
  );
});

it('merged, it is reported by staging and goes on to prod', async () => {
  await installation.forge.mergePullRequest(repository, 1);
  await installation.report({ environment: 'staging', version: '1.3.0' });
  await ended(installation, '1.3.0', 'pull-request', { environment: 'prod' });
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in prod to 1.3.0' }]);
});

it('Helm tests that fail in staging are said on the pull request for prod', async () => {
  const answer = await installation.report({
    environment: 'staging',
    version: '1.3.0',
    reason: 'TestFailed',
    message: 'Helm test failed for release staging/shop.v1 with chart shop@1.3.0',
  });
  expect(await answer.json()).toMatchObject({ status: 'recorded' });
  await eventually(() => {
    const [prod] = openPullRequests(installation);
    expect(prod?.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('the Helm tests failed in staging'),
    ]);
  });
  const [prod] = (await laneState(installation, 'prod')).outcomes;
  expect(prod).toMatchObject({ version: '1.3.0', state: 'pull-request' });
});

it('the promotion into staging ends as deployed, and says who merged it', async () => {
  const { outcomes } = await ended(installation, '1.3.0', 'deployed');
  expect(outcomes[0]?.by).toEqual(expect.any(String));
});

it('a version that the base has already opens nothing', async () => {
  await installation.report({ version: '1.3.0', release: 5 });
  await ended(installation, '1.3.0', 'unchanged');
  expect(openPullRequests(installation)).toHaveLength(1);
});

it('a rollback of its own target is promoted as a downgrade, said in bold', async () => {
  await installation.report({ version: '1.2.0', release: 6 });
  await ended(installation, '1.2.0', 'pull-request');
  const downgrade = openPullRequests(installation).find(
    ({ title }) => title === 'Promote apps/shop in staging to 1.2.0',
  );
  expect(downgrade?.body).toContain('**a downgrade**');
});

it('a version that Helm rolled back is withdrawn', async () => {
  await installation.report({
    version: '1.3.0',
    reason: 'RollbackSucceeded',
    message: 'Helm rollback to previous release dev/shop.v5 with chart shop@1.3.0 succeeded',
    at: new Date(Date.now() + 2_000),
  });
  await ended(installation, '1.2.0', 'withdrawn');
  expect(openPullRequests(installation).map(({ title }) => title)).toEqual([
    'Promote apps/shop in prod to 1.3.0',
  ]);
});

it('a manifest without its marker fails with what to do, and goes on when asked after it was mended', async () => {
  const path = pathOf('staging');
  await installation.forge.commit(repository, 'main', { [path]: 'kind: HelmRelease\n' }, 'Drop the marker');
  await installation.report({ version: '1.4.0', release: 8, at: new Date(Date.now() + 4_000) });
  const failed = await ended(installation, '1.4.0', 'failed');
  expect(failed.outcomes[0]).toMatchObject({ code: 'no-marker' });
  expect(failed.outcomes[0]?.detail).toContain('# {"$promotion": "apps:shop:staging"}');
  await installation.forge.commit(repository, 'main', { [path]: release('staging', '1.3.0') }, 'Put it back');
  await installation.client.workflow.getHandle(installation.lane('staging')).signal(retrySignal);
  await ended(installation, '1.4.0', 'pull-request');
});

it('a version whose pull request someone closed is held, also when only its values change', async () => {
  const open = openPullRequests(installation).find(({ head }) => head === branchOf('staging'));
  await installation.forge.closePullRequest(repository, open?.number ?? 0, 'bob');
  const { workflow } = installation.client;
  const following = `WorkflowType = 'follower' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of workflow.list({ query: following })) {
    await workflow.getHandle(workflowId).signal(lookSignal);
  }
  const { outcomes, held } = await ended(installation, '1.4.0', 'closed');
  expect([outcomes[0]?.by, held?.[0]?.version]).toEqual(['bob', '1.4.0']);
  await installation.report({ version: '1.4.0', release: 9, at: new Date(Date.now() + 6_000) });
  await eventually(async () => expect((await laneState(installation)).dropped?.[0]?.reason).toBe('held'));
  expect(openPullRequests(installation).filter(({ head }) => head === branchOf('staging'))).toEqual([]);
});
