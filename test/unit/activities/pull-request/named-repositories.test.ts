/** A client of Temporal can start a workflow with any repository and Secret. */
import {
  connectNamedProvider,
  type ProviderDependencies,
} from '../../../../src/activities/pull-request/connect-provider';
import { lookAtPullRequests } from '../../../../src/activities/pull-request/look-at-pull-requests';
import { type PullRequestDependencies } from '../../../../src/activities/pull-request/pull-request-context';
import { WindlassError } from '../../../../src/domain/errors';
import { type Pipeline } from '../../../../src/domain/pipeline/pipeline';
import { type FollowedRepository } from '../../../../src/domain/promotion/followed-repository';
import { providerOf } from '../../../../src/providers/registry';
import { inlineParser } from '../../../support/inline-parser';
import { memoryStore } from '../../../support/memory-store';
import { samplePipeline } from '../../../support/sample-pipeline';

const named: FollowedRepository = {
  namespace: samplePipeline.namespace,
  secretName: 'git',
  provider: 'gitlab',
  url: 'https://gitlab.example/team/config',
};
const pipeline: Pipeline = {
  ...samplePipeline,
  promotion: {
    manual: false,
    strategy: { ...named, kind: 'pull-request', baseBranch: 'main' },
  },
};
const others: readonly (readonly [string, Partial<FollowedRepository>])[] = [
  ['on another host', { url: 'https://evil.example/team/config' }],
  ['with another API', { apiUrl: 'https://evil.example/api/v4' }],
  ['with another Secret', { secretName: 'other' }],
  ['with a Secret of another namespace', { namespace: 'prod' }],
  ['of another service', { provider: 'github' }],
  ['over plain HTTP', { url: 'http://gitlab.example/team/config' }],
];
const signal = new AbortController().signal;

/** @returns what was done, and whether anything would have been sent with a token */
function watched(store = memoryStore([pipeline])) {
  let isSent = false;
  const provider: ProviderDependencies = {
    provider: providerOf,
    apiAccess: () => () => {
      isSent = true;
      return Promise.reject(new WindlassError('network', 'No request is sent.'));
    },
  };
  const dependencies: PullRequestDependencies = {
    ...provider,
    store,
    parser: inlineParser,
    repositories: { withRepository: () => Promise.reject(new Error('no one asked for it')) },
    promotionPage: () => undefined,
  };
  const promotion = { workflowId: 'promotion/x', number: 7, pipeline, from: 'dev', to: 'staging' };
  return {
    connect: (repository: FollowedRepository) => connectNamedProvider({ ...provider, store }, repository),
    look: (repository: FollowedRepository, of: Partial<typeof promotion> = {}) =>
      lookAtPullRequests(dependencies, repository, [{ ...promotion, ...of }], undefined, signal),
    isSent: () => isSent,
  };
}

it('a repository that a Pipeline names is asked', async () => {
  const { connect, look, isSent } = watched();
  await expect(connect(named)).resolves.toHaveProperty('provider');
  await expect(look(named)).rejects.toMatchObject({ code: 'network' });
  expect(isSent()).toBe(true);
});

it.each(others)('one %s is not', async (_what, other) => {
  const { connect, look, isSent } = watched();
  const repository = { ...named, ...other };
  await expect(connect(repository)).rejects.toMatchObject({ code: 'not-authorized', retryable: false });
  await expect(look(repository)).resolves.toEqual({ seen: {}, states: [], abandoned: ['promotion/x'] });
  expect(isSent()).toBe(false);
});

it('the promotions of a Pipeline that is gone, or has the hop no more, are abandoned', async () => {
  const gone = watched(memoryStore([]));
  const answer = { seen: {}, states: [], abandoned: ['promotion/x'] };
  await expect(gone.look(named)).resolves.toEqual(answer);
  await expect(watched().look(named, { to: 'nowhere' })).resolves.toEqual(answer);
});

it('those of a Pipeline that is invalid at the moment are looked at later', async () => {
  const invalid = new WindlassError('invalid-pipeline', 'The Pipeline is invalid.');
  const { look, isSent } = watched({
    ...memoryStore([pipeline]),
    pipeline: () => Promise.reject(invalid),
  });
  await expect(look(named)).rejects.toBe(invalid);
  expect(isSent()).toBe(false);
});
