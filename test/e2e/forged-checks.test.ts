/** Someone reaches Temporal's port while a pull request is open: its check does not succeed, and no one closes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WorkflowHandle } from '@temporalio/client';
import { type PullRequestRecord } from '../../demo/forge/pull-request-record';
import { promotionId } from '../../src/workflows/contract/ids';
import { approveUpdate, rejectUpdate } from '../../src/workflows/contract/messages';
import { alice, approvalClaim, capabilitiesWith, testKey } from '../support/capability';
import { pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import {
  branchOf,
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { writeKeyFile } from '../support/key-file';
import { ended, openPullRequests } from '../support/lane-outcomes';

const capabilities = capabilitiesWith([testKey('test')]);
const forged = { by: alice.name, via: alice.via, capability: 'wl1.test.x.x' } as const;

let directory: string;
let installation: Installation;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-keys-'));
  const keyFile = join(directory, 'keys.yaml');
  await writeKeyFile(keyFile, [testKey('test')]);
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=0', `--capability-key-file=${keyFile}`],
    pipeline: (forge) =>
      pipelineManifest(pullRequestPromotion(forge)).replace(
        'spec:\n',
        'spec:\n  gates: { stage: merge, approvals: { required: 1 } }\n',
      ),
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(async () => {
  await installation.close();
  await rm(directory, { recursive: true });
});

const gatesCheck = async () => {
  const head = (await installation.forge.branches(repository)).get(branchOf('staging')) ?? '';
  const statuses = installation.forge.repository(repository).checks.latestStatuses(head);
  return statuses.find(({ context }) => context === 'windlass/gates');
};
const checkIs = (state: string, description: string) => ({
  state,
  description: expect.stringContaining(description) as unknown,
});

async function proposed(
  version: string,
  release: number,
): Promise<{ readonly promotion: WorkflowHandle; readonly pullRequest: PullRequestRecord }> {
  const answer = await installation.report({ version, release });
  const { event } = (await answer.json()) as { readonly event: string };
  await ended(installation, version, 'pull-request');
  const waits = checkIs('pending', `staging waits for ${version}: 0 of 1 approval.`);
  await eventually(async () => expect(await gatesCheck()).toMatchObject(waits));
  const [pullRequest] = openPullRequests(installation);
  const id = promotionId(pipelineRef, 'staging', version, event);
  return { promotion: installation.client.workflow.getHandle(id), pullRequest: pullRequest! };
}

it('the check succeeds with an approval that the API vouches for', async () => {
  const { promotion } = await proposed('1.1.0', 2);
  const capability = capabilities.sign(approvalClaim(promotion.workflowId, '1.1.0', Date.now()));
  await promotion.executeUpdate(approveUpdate, { args: [{ ...forged, version: '1.1.0', capability }] });
  await eventually(async () =>
    expect(await gatesCheck()).toMatchObject(checkIs('success', 'The gates are open.')),
  );
});

it('the check stays pending with one that no one gave, and says so', async () => {
  const { promotion } = await proposed('1.2.0', 3);
  await promotion.executeUpdate(approveUpdate, { args: [{ ...forged, version: '1.2.0' }] });
  const refused = checkIs('pending', 'Nothing vouches for the approval of oidc:alice');
  await eventually(async () => expect(await gatesCheck()).toMatchObject(refused));
});

it('a rejection that no one gave leaves the pull request open; one that the API vouches for closes it', async () => {
  const first = await proposed('1.3.0', 4);
  await first.promotion.executeUpdate(rejectUpdate, { args: [{ ...forged, version: '1.3.0' }] });
  await ended(installation, '1.3.0', 'rejected');
  expect(first.pullRequest.state).toBe('open');

  const second = await proposed('1.4.0', 5);
  const claim = approvalClaim(second.promotion.workflowId, '1.4.0', Date.now(), { kind: 'reject' });
  const rejection = { ...forged, version: '1.4.0', capability: capabilities.sign(claim) };
  await second.promotion.executeUpdate(rejectUpdate, { args: [rejection] });
  await ended(installation, '1.4.0', 'rejected');
  expect(second.pullRequest.state).toBe('closed');
});
