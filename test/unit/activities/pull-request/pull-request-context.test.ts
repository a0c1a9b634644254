import {
  resolvePullRequestContext,
  type PullRequestDependencies,
} from '../../../../src/activities/pull-request/pull-request-context';
import { type Pipeline } from '../../../../src/domain/pipeline/pipeline';
import { type PromotionTask } from '../../../../src/domain/promotion/promotion';
import { providerOf } from '../../../../src/providers/registry';
import { deployment } from '../../../support/events';
import { memoryStore } from '../../../support/memory-store';
import { samplePipeline } from '../../../support/sample-pipeline';
import { inlineParser } from '../../../support/inline-parser';

const task: PromotionTask = {
  action: 'promote',
  pipeline: samplePipeline,
  from: 'dev',
  to: 'staging',
  version: '1.1.0',
  event: deployment({ version: '1.1.0', pipeline: samplePipeline }),
};

function context(
  baseBranch: string,
  provider: 'github' | 'gitlab' = 'github',
): ReturnType<typeof resolvePullRequestContext> {
  const pipeline: Pipeline = {
    ...samplePipeline,
    promotion: {
      manual: false,
      strategy: {
        kind: 'pull-request',
        provider,
        url: 'https://github.com/team/config',
        baseBranch,
        secretName: 'git',
      },
    },
  };
  const dependencies: PullRequestDependencies = {
    store: { ...memoryStore([pipeline]), secret: () => Promise.reject(new Error('read too early')) },
    parser: inlineParser,
    repositories: { withRepository: () => Promise.reject(new Error('nobody asked for it')) },
    provider: providerOf,
    apiAccess: () => () => Promise.reject(new Error('nobody asked for it')),
    promotionPage: () => undefined,
  };
  return resolvePullRequestContext(dependencies, task);
}

it('promotes into the base branch by a branch of its own', async () => {
  expect(await context('main')).toMatchObject({ base: 'main', branch: 'promotion-pipelines-my-app-staging' });
});

it('holds a reference to the credentials, and reads none', async () => {
  const credentials = { namespace: 'pipelines', secretName: 'git', provider: 'github' };
  expect(await context('main')).toMatchObject({ remote: { credentials } });
});

it('gives Git the address that the service does not redirect', async () => {
  const url = expect.objectContaining({ href: 'https://github.com/team/config.git' });
  expect(await context('main', 'gitlab')).toMatchObject({ remote: { url } });
});

it('never takes the base branch for the promotion branch, which it would push to without review', async () => {
  await expect(context('promotion-pipelines-my-app-staging')).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: expect.stringContaining('pull-request.baseBranch is the promotion branch'),
  });
});
