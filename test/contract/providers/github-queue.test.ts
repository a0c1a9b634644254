import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { github } from '../../../src/providers/github';
import { type PullRequest, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type DescribedGithub, heldAgainstDescription } from '../../support/github/described';

const never = new AbortController().signal;
const repository = 'acme/apps';
const token = 'token-of-the-queue';

describe('a branch of GitHub that requires a merge queue', () => {
  let directory: string;
  let forge: Forge;
  let described: DescribedGithub;
  let provider: PullRequestProvider;
  let pullRequest: PullRequest;
  let head: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'github-queue-'));
    forge = await startForge({ directory, token });
    await forge.createRepository(repository, { 'app.yaml': 'v: 1\n' });
    forge.repository(repository).mergeQueue.require('main');
    described = await heldAgainstDescription(forge.url);
    const outbound = createOutbound({ allowedHosts: [new URL(described.url).host], allowPlainHttp: false });
    const url = parseRepositoryUrl(`${described.url}/${repository}.git`);
    provider = github.connect({ repository: url, access: accessWith(token, outbound) });
    head = await forge.commit(repository, 'promotion', { 'app.yaml': 'v: 2\n' }, 'change');
    const texts = { title: 'Promote', body: '' };
    pullRequest = (await provider.create({ head: 'promotion', base: 'main', ...texts }, never))!;
  });
  afterEach(async () => {
    await forge.close();
    await rm(directory, { recursive: true, force: true });
    await described.close();
  });
  const merge = (at = head) => provider.merge(pullRequest, { head: at, manner: {} }, never);
  const run = () => forge.runMergeQueue(repository, pullRequest.number);
  const graphqlCalls = () => forge.requests.filter(({ path }) => path === '/api/graphql');

  it('adds the pull request to the queue, which merges it when its turn comes', async () => {
    expect(await merge()).toEqual({
      ...{ merged: false, because: 'queued', words: 'It is in the merge queue of main.' },
    });
    expect(await run()).toBeUndefined();
    expect(await merge()).toEqual({ merged: true });
    const { states } = await provider.changes({ numbers: [pullRequest.number] }, never);
    expect(states).toMatchObject([{ state: 'merged', by: 'github-merge-queue[bot]' }]);
  });

  it('leaves one that is in the queue there, with one question', async () => {
    await merge();
    const before = graphqlCalls().length;
    expect(await merge()).toMatchObject({ because: 'queued' });
    expect(graphqlCalls()).toHaveLength(before + 1);
  });

  it('does not add it at another head', async () => {
    await forge.commit(repository, 'promotion', { 'app.yaml': 'v: 3\n' }, 'another change');
    expect(await merge()).toMatchObject({ merged: false, because: 'head-moved' });
    expect(graphqlCalls()).toEqual([]);
  });

  it('does not add it before its own required checks have passed', async () => {
    forge.repository(repository).requiredChecks.require('main', 'windlass/gates');
    expect(await merge()).toMatchObject({ merged: false, because: 'not-ready' });
  });

  it('has windlass/gates on what the queue tests, where it is required', async () => {
    forge.repository(repository).requiredChecks.require('main', 'windlass/gates');
    await provider.setCheck({ head, state: 'success', description: 'The gates are open.' }, never);
    expect(await merge()).toMatchObject({ because: 'queued' });
    expect(await run()).toBeUndefined();
  });

  it('takes it out of the queue, and what is not in it stays as it is', async () => {
    await merge();
    await provider.leaveQueue!(pullRequest, never);
    expect(await run()).toBe('It is not in the queue.');
    const before = graphqlCalls().length;
    await provider.leaveQueue!(pullRequest, never);
    expect(graphqlCalls()).toHaveLength(before + 1);
    expect(await merge()).toMatchObject({ because: 'queued' });
  });

  it('does not take a fault of the service for an answer', async () => {
    forge.failNext('api', { answer: 502, path: /graphql/ });
    expect((await failureOf(merge())).code).toBe('provider-unavailable');
    expect(await merge()).toMatchObject({ because: 'queued' });
    forge.failNext('api', { answer: 502, path: /graphql/ });
    expect((await failureOf(provider.leaveQueue!(pullRequest, never))).code).toBe('provider-unavailable');
  });
});
