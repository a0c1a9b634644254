import { randomUUID } from 'node:crypto';
import { type AzureDevopsWithGit, startAzureDevopsWithGit } from '../support/azure-devops-with-git';
import {
  branchOf,
  createInstallation,
  environments,
  type Installation,
  pathOf,
  pipelineManifest,
  release,
} from '../support/installation';
import { ended } from '../support/lane-outcomes';

const token = randomUUID();
let azure: AzureDevopsWithGit;
let installation: Installation;

beforeAll(async () => {
  azure = await startAzureDevopsWithGit(
    'DefaultCollection/Our Fleet/_git/apps',
    token,
    Object.fromEntries(environments.map((name) => [pathOf(name), release(name)])),
  );
  installation = await createInstallation({
    secrets: { token },
    pipeline: () =>
      pipelineManifest({
        strategy: {
          'pull-request': {
            type: 'azure-devops',
            // The service refuses `.git`, which people add all the same.
            url: `${azure.url}/DefaultCollection/Our%20Fleet/_git/apps.git`,
            baseBranch: 'main',
            secretRef: { name: 'git' },
          },
          secretRef: { name: 'hmac' },
        },
      }),
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(async () => {
  await installation.close();
  await azure.close();
});

it('a signed event becomes a pull request of a project with a space in its name, and has its check', async () => {
  expect((await installation.report({ version: '1.1.0', release: 2 })).status).toBe(202);
  const { outcomes } = await ended(installation, '1.1.0', 'pull-request');
  expect(outcomes[0]?.detail).toMatch(/\/DefaultCollection\/Our%20Fleet\/_git\/apps\/pullrequest\/1$/);
  const [pullRequest, ...others] = azure.repository.pullRequests;
  expect(others).toEqual([]);
  expect(pullRequest).toMatchObject({
    ...{ status: 'active', title: 'Promote apps/shop in staging to 1.1.0' },
    ...{ source: branchOf('staging'), target: 'main' },
    statuses: [{ genre: 'windlass', name: 'gates', state: 'succeeded', iterationId: 1 }],
  });
  expect(azure.readFile(branchOf('staging'), pathOf('staging'))).toBe(release('staging', '1.1.0'));
});

it('a newer version takes the pull request over, with a check for its own commit', async () => {
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  expect(azure.repository.pullRequests).toMatchObject([
    { id: 1, status: 'active', title: 'Promote apps/shop in staging to 1.2.0' },
  ]);
  const { statuses, iterations } = azure.repository.find(1);
  expect(iterations).toHaveLength(2);
  expect(statuses.at(-1)).toMatchObject({ state: 'succeeded', iterationId: 2 });
  expect(azure.readFile(branchOf('staging'), pathOf('staging'))).toBe(release('staging', '1.2.0'));
});
