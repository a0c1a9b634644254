import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promotionId } from '../../src/workflows/contract/ids';
import { createInstallation, type Installation } from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { promotionShows } from '../support/promotion-states';

/** It ends too late for a promotion to look again by itself. */
const freeze = `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: fair, namespace: apps }
spec: { reason: Trade fair, until: '2100-01-01T00:00:00Z' }
`;

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation();
}, 120_000);
afterAll(() => installation.close());

it('a freeze in a file holds promotions; they continue as soon as it is deleted', async () => {
  const file = join(installation.pipelinesDir, 'freeze.yaml');
  await writeFile(file, freeze);
  await Promise.all([installation.startApi(), installation.startWorker()]);
  const answer = await installation.report({ version: '1.1.0' });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', '1.1.0', event);
  await promotionShows(installation.client, id, 'frozen');
  expect(openPullRequests(installation)).toEqual([]);

  await rm(file);
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toHaveLength(1);
}, 120_000);
