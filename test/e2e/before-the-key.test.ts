/** An installation gets a key while promotions wait. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WorkflowHandle } from '@temporalio/client';
import { promotionId } from '../../src/workflows/contract/ids';
import { approveUpdate } from '../../src/workflows/contract/messages';
import { alice, approvalClaim, capabilitiesWith, testKey } from '../support/capability';
import { pipelineRef } from '../support/events';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
} from '../support/installation';
import { writeKeyFile } from '../support/key-file';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { promotionShows } from '../support/promotion-states';

let directory: string;
let installation: Installation;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-keys-'));
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=0'],
    pipeline: (forge) =>
      pipelineManifest(pullRequestPromotion(forge)).replace(
        'spec:\n',
        'spec:\n  gates: { approvals: { required: 1 } }\n',
      ),
  });
}, 120_000);
afterAll(async () => {
  await installation.close();
  await rm(directory, { recursive: true });
});

async function waiting(version: string, release: number): Promise<WorkflowHandle> {
  const answer = await installation.report({ version, release });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId(pipelineRef, 'staging', version, event);
  await promotionShows(installation.client, id, 'waiting-for-approval');
  return installation.client.workflow.getHandle(id);
}

it('what began before is let through without tokens; what begins later is not', async () => {
  const [, before] = await Promise.all([installation.startApi(), installation.startWorker()]);
  expect(before.output()).toContain('Without --capability-key-file (WINDLASS_CAPABILITY_KEY_FILE)');
  const first = await waiting('1.1.0', 2);
  await before.stop();

  const file = join(directory, 'keys.yaml');
  await writeKeyFile(file, [testKey('test')], Date.now());
  await installation.startWorker([`--capability-key-file=${file}`]);
  await first.executeUpdate(approveUpdate, { args: [{ version: '1.1.0', by: 'alice' }] });
  await ended(installation, '1.1.0', 'pull-request');
  const proposed = () => openPullRequests(installation).map(({ title }) => title);
  expect(proposed()).toEqual(['Promote apps/shop in staging to 1.1.0']);

  // The api still has none, and signs nothing.
  const later = await waiting('1.2.0', 3);
  const approval = { version: '1.2.0', by: alice.name, via: 'oidc' } as const;
  await expect(later.executeUpdate(approveUpdate, { args: [approval] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('Use windlass approve apps/shop staging 1.2.0') as string },
  });
  const claim = approvalClaim(later.workflowId, '1.2.0', Date.now());
  const capability = capabilitiesWith([testKey('test')]).sign(claim);
  await later.executeUpdate(approveUpdate, { args: [{ ...approval, capability }] });
  await expect(later.result()).rejects.toMatchObject({
    cause: {
      type: 'not-authorized',
      message: expect.stringMatching(
        /^Nothing vouches for the report that dev runs 1\.2\.0\. .*windlass promote/,
      ) as string,
    },
  });
  expect(proposed()).toEqual(['Promote apps/shop in staging to 1.1.0']);
}, 180_000);
