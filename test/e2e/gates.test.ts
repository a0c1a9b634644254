/** Gates of an open pull request, with the whole program and the demo's forge. */
import { type WorkflowHandle } from '@temporalio/client';
import { promotionId } from '../../src/workflows/contract/ids';
import { approveUpdate, rejectUpdate } from '../../src/workflows/contract/messages';
import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { eventually } from '../support/eventually';
import {
  branchOf,
  createInstallation,
  type Installation,
  pathOf,
  pipelineManifest,
  pullRequestPromotion,
  release,
  repository,
} from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';

let installation: Installation;

beforeAll(async () => {
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=0', '--promotion-hook-rate-limit=1000'],
    pipeline: (forge) =>
      pipelineManifest(pullRequestPromotion(forge)).replace(
        'spec:\n',
        'spec:\n  gates: { stage: merge, approvals: { required: 1 }, autoMerge: true, promoteOn: upgraded }\n',
      ),
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(() => installation.close());

const headOf = async (): Promise<string> => {
  const head = (await installation.forge.branches(repository)).get(branchOf('staging'));
  if (head === undefined) throw new Error('There is no promotion branch.');
  return head;
};
const gatesCheck = async () => {
  const statuses = installation.forge.repository(repository).checks.latestStatuses(await headOf());
  return statuses.find(({ context }) => context === 'windlass/gates');
};
const checkPasses = async (): Promise<void> =>
  installation.forge
    .repository(repository)
    .checks.setRun(await headOf(), { name: 'test', status: 'completed', conclusion: 'success' });

/** Reports a version, and waits for the pull request that it opens. */
async function proposed(
  version: string,
  number: number,
): Promise<{ promotion: WorkflowHandle; pullRequest: PullRequestRecord }> {
  const answer = await installation.report({ version, release: number });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', version, event);
  await ended(installation, version, 'pull-request');
  await eventually(async () => expect(await gatesCheck()).toMatchObject({ state: 'pending' }));
  const [pullRequest] = openPullRequests(installation);
  if (pullRequest === undefined) throw new Error('No pull request is open.');
  return { promotion: installation.client.workflow.getHandle(id), pullRequest };
}

it('is merged by Windlass once someone has approved it and its checks have passed', async () => {
  const { promotion, pullRequest } = await proposed('1.1.0', 2);
  expect(await gatesCheck()).toMatchObject({ description: 'staging waits for 1.1.0: 0 of 1 approval.' });
  expect(pullRequest.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining('**staging waits for 1.1.0**: 0 of 1 approval.'),
  ]);
  await checkPasses();
  await promotion.executeUpdate(approveUpdate, { args: [{ version: '1.1.0', by: 'alice' }] });
  await ended(installation, '1.1.0', 'merged');
  expect(await installation.manifest('staging')).toBe(release('staging', '1.1.0'));
  expect(await gatesCheck()).toMatchObject({ state: 'success' });
  expect(pullRequest.comments).toHaveLength(1);
});

it('a rejection closes it, and the version is held', async () => {
  const { promotion, pullRequest } = await proposed('1.2.0', 3);
  await promotion.executeUpdate(rejectUpdate, {
    args: [{ version: '1.2.0', by: 'alice', comment: 'Not before the fair.' }],
  });
  const { held } = await ended(installation, '1.2.0', 'rejected');
  expect(held).toMatchObject([{ version: '1.2.0', because: 'rejected', by: 'alice' }]);
  expect(pullRequest.state).toBe('closed');
  expect(pullRequest.comments.at(-1)?.body).toContain('Not before the fair.');
});

it('is made again where the base branch has changed the same line', async () => {
  const { promotion } = await proposed('1.3.0', 4);
  await promotion.executeUpdate(approveUpdate, { args: [{ version: '1.3.0', by: 'alice' }] });
  const before = await headOf();
  const path = pathOf('staging');
  await installation.forge.commit(repository, 'main', { [path]: release('staging', '1.1.5') }, 'By hand');
  await checkPasses();
  await eventually(async () => expect(await headOf()).not.toBe(before), 60_000);
  await checkPasses();
  await eventually(
    async () => expect(await installation.manifest('staging')).toBe(release('staging', '1.3.0')),
    90_000,
  );
}, 180_000);
