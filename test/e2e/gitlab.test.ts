import { randomUUID } from 'node:crypto';
import { type GitlabWithGit, startGitlabWithGit } from '../support/gitlab-with-git';
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

const token = `glpat-${randomUUID()}`;
const projectPath = 'acme/platform/fleet';
let gitlab: GitlabWithGit;
let installation: Installation;

beforeAll(async () => {
  gitlab = await startGitlabWithGit(
    projectPath,
    token,
    Object.fromEntries(environments.map((name) => [pathOf(name), release(name)])),
  );
  installation = await createInstallation({
    secrets: { token },
    pipeline: () =>
      pipelineManifest({
        strategy: {
          'pull-request': {
            type: 'gitlab',
            url: `${gitlab.url}/${projectPath}.git`,
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
  await gitlab.close();
});

it('a signed event becomes a merge request of a project in a sub-group, on a GitLab of its own', async () => {
  expect((await installation.report({ version: '1.1.0', release: 2 })).status).toBe(202);
  const { outcomes } = await ended(installation, '1.1.0', 'pull-request');
  expect(outcomes[0]?.detail).toMatch(/\/acme\/platform\/fleet\/-\/merge_requests\/1$/);
  expect(gitlab.project.mergeRequests).toMatchObject([
    {
      state: 'opened',
      title: 'Promote apps/shop in staging to 1.1.0',
      sourceBranch: branchOf('staging'),
      targetBranch: 'main',
    },
  ]);
  expect(gitlab.readFile(branchOf('staging'), pathOf('staging'))).toBe(release('staging', '1.1.0'));
});

it('a newer version takes the merge request over', async () => {
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  expect(gitlab.project.mergeRequests).toMatchObject([
    { iid: 1, state: 'opened', title: 'Promote apps/shop in staging to 1.2.0' },
  ]);
  expect(gitlab.readFile(branchOf('staging'), pathOf('staging'))).toBe(release('staging', '1.2.0'));
  expect(gitlab.commitsAhead(branchOf('staging'))).toBe(1);
});
