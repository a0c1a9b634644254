/** What GitLab has beyond the contract that all providers share. */
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { gitlab } from '../../../src/providers/gitlab';
import { type Decoration, type MergeManner, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type FakeGitlab, startFakeGitlab } from '../../support/fake-gitlab';
import { type Interposer, startInterposer } from './interposer';

const token = 'glpat-canary-77aa';
const path = 'group/fleet';
const signal = new AbortController().signal;
let fake: FakeGitlab;
let network: Interposer;
let project: ReturnType<FakeGitlab['project']>;
let provider: PullRequestProvider;

beforeEach(async () => {
  fake = await startFakeGitlab({ token, projects: [path] });
  network = await startInterposer(fake.url);
  project = fake.project(path);
  const host = `127.0.0.1:${network.port}`;
  provider = gitlab.connect({
    repository: parseRepositoryUrl(`http://${host}/${path}.git`),
    access: accessWith(token, createOutbound({ allowedHosts: [host], allowPlainHttp: false })),
  });
});
afterEach(async () => {
  await network.close();
  await fake.close();
});

const branches = { head: 'promotion', base: 'main' };
async function openOne(fields: { draft?: boolean; manner?: MergeManner } = {}) {
  const head = project.push('promotion');
  const { number } = (await provider.create(
    { ...branches, title: 'Promote', body: 'b', ...fields },
    signal,
  ))!;
  return { number, head };
}
const writes = (from: number): readonly string[] =>
  network.seen.slice(from).filter((each) => !each.startsWith('GET'));

describe('labels and people on GitLab', () => {
  const decorate = async (decoration: Partial<Decoration>) =>
    provider.decorate(
      await openOne(),
      { labels: [], assignees: [], reviewers: { users: [], teams: [] }, ...decoration },
      signal,
    );

  it('says who cannot see the project', async () => {
    const reviewers = { users: ['outsider', 'ada'], teams: [] };
    expect(await decorate({ reviewers })).toEqual([
      expect.stringMatching(/^outsider was not added as a reviewer: they cannot see the project/),
    ]);
    expect(project.find(1).reviewers).toEqual(['ada']);
  });

  it('says that there is one assignee for each merge request without Premium', async () => {
    project.isPremium = false;
    expect(await decorate({ assignees: ['ada', 'grace'] })).toEqual([
      expect.stringMatching(
        /^grace was not added as an assignee: .* has one assignee for each merge request/,
      ),
    ]);
  });

  it('knows users in any case of their letters', async () => {
    expect(await decorate({ assignees: ['Ada'] })).toEqual([]);
    expect(project.find(1).assignees).toEqual(['ada']);
  });

  it('says that there are no teams', async () => {
    const reviewers = { users: [], teams: ['group/sre'] };
    expect(await decorate({ reviewers })).toEqual([
      'group/sre was not asked for a review: GitLab asks users only, approval rules of the project name groups.',
    ]);
  });
});

describe('a draft on GitLab', () => {
  it('that a person marked as ready stays ready when its texts change', async () => {
    const { number } = await openOne({ draft: true });
    project.find(number).title = 'Promote';
    const open = (await provider.findOpen(branches, signal))!;
    await provider.update(open, { title: 'Promote more', body: 'c' }, signal);
    expect(project.find(number).title).toBe('Promote more');
  });

  it('is known by its title, in whatever way it is marked', async () => {
    const { number } = await openOne();
    project.find(number).title = '[Draft] Draft: Promote';
    expect(await provider.latest(branches, signal)).toMatchObject({ title: 'Promote' });
  });

  it('has room for its mark beside the longest title', async () => {
    const title = 'x'.repeat(provider.limits.title);
    project.push('promotion');
    await provider.create({ ...branches, title, body: '', draft: true }, signal);
    expect(project.find(1).title).toHaveLength(255);
  });
});

it('opens a merge request with the manner in which a person merges it', async () => {
  const { number } = await openOne({ manner: { squash: true, deleteBranch: true } });
  expect(project.find(number)).toMatchObject({ squash: true, removeSourceBranch: true });
});

describe('a project with merge trains', () => {
  const merge = ({ number, head }: { number: number; head: string }, manner: MergeManner = {}) =>
    provider.merge({ number }, { head, manner }, signal);
  beforeEach(() => {
    project.hasMergeTrains = true;
  });

  it('takes a merge request on its train, in the manner that is asked for', async () => {
    const opened = await openOne();
    expect(await merge(opened, { squash: true, deleteBranch: true })).toMatchObject({
      ...{ merged: false, because: 'queued' },
    });
    expect(project.find(1)).toMatchObject({ train: 'fresh', squash: true, removeSourceBranch: true });
  });

  it('takes it once', async () => {
    const opened = await openOne();
    await merge(opened);
    const before = network.seen.length;
    expect(await merge(opened)).toMatchObject({ because: 'queued' });
    expect(writes(before)).toEqual([]);
  });

  it('takes it once also when the answer is lost', async () => {
    const opened = await openOne();
    network.next('POST', { kind: 'lose-answer' });
    await failureOf(merge(opened));
    expect(await merge(opened)).toMatchObject({ because: 'queued' });
  });

  it('says that it is merged when the train has arrived', async () => {
    const opened = await openOne();
    await merge(opened);
    project.find(1).train = 'merged';
    project.end(project.find(1), 'merged', 'windlass-bot');
    expect(await merge(opened)).toEqual({ merged: true });
  });

  it.each<readonly [string, string, () => void]>([
    ['head-moved', 'moved', () => project.push('promotion')],
    ['conflict', 'conflicts', () => (project.find(1).conflicts = 'found')],
    ['not-allowed', 'may not be merged by the token', () => project.closedToMerges.add('main')],
    ['not-allowed', 'is closed', () => project.end(project.find(1), 'closed', 'ada')],
    ['not-ready', 'is being looked at', () => (project.find(1).mergeStatus = 'checking')],
  ])('does not take one: %s, for it %s', async (because, _, happen) => {
    const opened = await openOne();
    happen();
    expect(await merge(opened)).toMatchObject({ merged: false, because });
    expect(project.find(1).train).toBeUndefined();
  });

  it('lets a merge request leave, which joins it again later', async () => {
    const opened = await openOne();
    await merge(opened);
    await provider.leaveQueue!(opened, signal);
    expect(project.find(1).train).toBeUndefined();
    expect(await merge(opened)).toMatchObject({ because: 'queued' });
  });

  it('changes nothing about one that is not on a train', async () => {
    const opened = await openOne();
    const before = network.seen.length;
    await provider.leaveQueue!(opened, signal);
    expect(writes(before)).toEqual([]);
  });

  it('says so where the token may not take it off', async () => {
    const opened = await openOne();
    await merge(opened);
    project.closedToMerges.add('main');
    expect(await failureOf(provider.leaveQueue!(opened, signal))).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('may not take !1 of group/fleet off its merge train') as string,
    });
  });
});

it('asks for no train to be left where the project cannot have trains', async () => {
  project.isPremium = false;
  await expect(provider.leaveQueue!(await openOne(), signal)).resolves.toBeUndefined();
});

it.each([
  ['a parameter', 'GET', '?state=opened&head=promotion', undefined, 'the parameter head is not described'],
  ['a value', 'GET', '?state=open', undefined, 'the parameter state cannot be open'],
  ['a field', 'PUT', '/1', { reviewers: ['ada'] }, 'reviewers'],
  ['a type', 'PUT', '/1', { reviewer_ids: ['ada'] }, '/reviewer_ids/0 must be integer'],
])("is tried on a server that refuses %s that GitLab's description does not have", async (...asked) => {
  const [, method, below, body, words] = asked;
  await openOne();
  const answer = await fetch(`${fake.url}/api/v4/projects/group%2Ffleet/merge_requests${below}`, {
    method,
    headers: { 'private-token': token, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
});
