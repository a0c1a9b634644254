import { randomUUID } from 'node:crypto';
import { laneStateQuery } from '../../src/workflows/contract/messages';
import { promotionId } from '../../src/workflows/contract/ids';
import { type GitlabWithGit, startGitlabWithGit } from '../support/gitlab-with-git';
import {
  createInstallation,
  environments,
  type Installation,
  pathOf,
  pipelineManifest,
  release,
} from '../support/installation';
import { ended } from '../support/lane-outcomes';

const token = `glpat-${randomUUID()}`;
const projectPath = 'acme/fleet';
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
            secretRef: { name: 'git' },
            title: 'chore({application}): {version} into {environment}',
            body: 'From {previous}.\n\n{changes}\n\nRunbook: https://wiki.example.com/releases\n',
            labels: ['promotion', 'area: shop'],
            reviewers: { users: ['ada', 'no-one'] },
            assignees: ['grace'],
            draft: true,
            squash: true,
            deleteBranch: true,
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

/** What its page in the Temporal Web UI says. */
async function details(): Promise<string | undefined> {
  const lane = installation.client.workflow.getHandle(installation.lane('staging'));
  const { inHand } = await lane.query(laneStateQuery);
  if (inHand === undefined) throw new Error('The lane has no promotion.');
  const id = promotionId(
    { namespace: 'apps', name: 'shop' },
    'staging',
    inHand.version,
    inHand.event.identity,
  );
  const metadata = await installation.client.workflow
    .getHandle(id)
    .query<{ readonly currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}

it('a merge request looks as the Pipeline says, and what could not be added is a warning', async () => {
  await installation.report({ version: '1.1.0', release: 2 });
  await ended(installation, '1.1.0', 'pull-request');
  const [opened] = gitlab.project.mergeRequests;
  expect(opened).toMatchObject({
    title: 'Draft: chore(shop): 1.1.0 into staging',
    labels: ['promotion', 'area: shop'],
    reviewers: ['ada'],
    assignees: ['grace'],
    squash: true,
    removeSourceBranch: true,
  });
  expect(opened?.description).toBe(
    [
      ...['<!-- windlass:begin -->', 'From 1.0.0.', ''],
      ...[`- \`${pathOf('staging')}\` line 10: \`1.0.0\` → \`1.1.0\``, ''],
      ...['Runbook: https://wiki.example.com/releases', '', 'apps/shop/staging', '<!-- windlass:end -->'],
    ].join('\n'),
  );
  expect(await details()).toContain('There is no user no-one on GitLab.');
});

it('a newer version updates its part of it, and leaves alone what people did', async () => {
  const [opened] = gitlab.project.mergeRequests;
  opened!.title = opened!.title.replace('Draft: ', '');
  opened!.description += '\n\nTested by hand.';
  opened!.labels = [...opened!.labels, 'urgent'];
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request');
  expect(gitlab.project.mergeRequests).toMatchObject([
    {
      title: 'chore(shop): 1.2.0 into staging',
      description: expect.stringMatching(/`1\.2\.0`[^]*\n\nTested by hand\.$/) as string,
      labels: ['promotion', 'area: shop', 'urgent'],
    },
  ]);
});

it('a version whose merge request was closed is known by its title when the lane was lost', async () => {
  const { workflow } = installation.client;
  gitlab.project.end(gitlab.project.find(1), 'closed', 'grace');
  const lane = workflow.getHandle(installation.lane('staging'));
  const { inHand } = await lane.query(laneStateQuery);
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', '1.2.0', inHand!.event.identity);
  await workflow.getHandle(id).terminate();
  await lane.terminate();
  await installation.report({ version: '1.2.0', release: 3, message: 'Helm upgrade succeeded again' });
  await ended(installation, '1.2.0', 'closed');
  expect(gitlab.project.mergeRequests).toHaveLength(1);
});
