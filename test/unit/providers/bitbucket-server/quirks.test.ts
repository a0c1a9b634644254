/** What Bitbucket Data Center does that the contract, which all providers share, cannot ask for. */
import { bitbucketServer } from '../../../../src/providers/bitbucket-server';
import { bitbucketServerApi } from '../../../../src/providers/bitbucket-server/rest-api';
import { scripted } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';
import {
  outOfDate,
  page,
  pullRequest,
  ref,
  refuse,
  scriptedBitbucket,
} from '../../../support/scripted-bitbucket-server';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };

describe('bitbucket-server', () => {
  it.each([
    ['a fork', { fromRef: ref('promotion', { repository: { slug: 'apps', project: { key: '~ada' } } }) }],
    [
      'the original of this fork',
      { toRef: ref('main', { repository: { slug: 'other', project: { key: 'ACME' } } }) },
    ],
    ['another target', { toRef: ref('main2') }],
    ['a tag', { fromRef: { ...ref('promotion'), id: 'refs/tags/promotion' } }],
  ])('lists one of %s, which is not ours', async (_name, fields) => {
    const { provider } = scriptedBitbucket(() => page([pullRequest(fields)]));
    expect(await provider.findOpen(branches, signal)).toBeUndefined();
  });

  it('does not distinguish upper and lower case in the names of projects and repositories', async () => {
    const { provider } = scripted(
      bitbucketServer,
      () => page([pullRequest()]),
      'https://git.example.com/scm/acme/Apps.git',
    );
    expect(await provider.findOpen(branches, signal)).toMatchObject({ number: 1 });
  });

  const words = 'Only one pull request may be open for a given source and target branch';
  it.each([
    ['an open one', refuse(409, words, 'pull.DuplicatePullRequestException'), undefined],
    [
      'nothing to merge',
      refuse(409, 'main is already up-to-date', 'pull.EmptyPullRequestException'),
      'lease-lost',
    ],
    [
      'an archived repository',
      refuse(409, 'not supported on archived repositories', null),
      'request-refused',
    ],
    ['a missing right', refuse(401, 'You are not permitted', 'AuthorisationException'), 'forbidden'],
    [
      'a wrong token',
      refuse(401, 'Authentication failed', 'auth.IncorrectPasswordAuthenticationException'),
      'bad-credentials',
    ],
    [
      'a missing branch',
      refuse(404, 'Repository ACME/apps does not exist.', 'repository.NoSuchRepositoryException'),
      'base-branch-not-found',
    ],
    ['an invalid title', refuse(400, 'Please enter a title', null), 'request-refused'],
  ])('names %s', async (_name, refusal, code) => {
    const { provider } = scriptedBitbucket((method) => (method === 'POST' ? refusal : page([])));
    const outcome = await provider.create(draft, signal).catch((error: unknown) => error);
    expect((outcome as { code?: string } | undefined)?.code).toBe(code);
  });

  it('takes 404 for a missing repository where both branches are there', async () => {
    const listed = page([ref('main-2'), ref('main'), ref('promotion')]);
    const { provider } = scriptedBitbucket((method) =>
      method === 'POST' ? refuse(404, 'gone', 'repository.NoSuchRepositoryException') : listed.clone(),
    );
    expect(await failureOf(provider.create(draft, signal))).toMatchObject({ code: 'repository-not-found' });
  });

  it('says that an archived repository has to be unarchived', async () => {
    const { provider } = scriptedBitbucket(() => refuse(409, 'not supported on archived repositories', null));
    expect((await failureOf(provider.create(draft, signal))).message).toContain('has to be unarchived');
  });

  it('asks for the next page with the query of the first one', () => {
    const data = { values: [{}], isLastPage: false, nextPageStart: 25 };
    const query = '?state=OPEN&at=refs%2Fheads%2Fa%26b';
    expect(bitbucketServerApi.paginate({ data, headers: {}, query })).toEqual({
      ...{ items: [{}], next: `${query}&start=25` },
    });
    const last = { data: { ...data, isLastPage: true }, headers: {}, query };
    expect(bitbucketServerApi.paginate(last)).toEqual({ items: [{}] });
  });

  it('names the CAPTCHA that keeps a user from everything', async () => {
    const refusal = refuse(403, 'CAPTCHA required.', 'auth.CaptchaRequiredAuthenticationException');
    const failure = await failureOf(scriptedBitbucket(() => refusal).provider.findOpen(branches, signal));
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain('sign in once in a browser');
  });
});

describe('bitbucket-server, updating', () => {
  const texts = { title: 'new', body: 'new body' };
  const present = { number: 1, url: 'https://git.example.com/1', title: 't', body: '' };
  const reviewers = [{ user: { name: 'ada' } }, { user: { name: 'gone' } }];

  it('sends the reviewers again, which would be removed otherwise', async () => {
    const { provider, asked } = scriptedBitbucket(() => Response.json(pullRequest({ reviewers })));
    await provider.update(present, texts, signal);
    expect(asked[1]).toBe(
      `PUT /pull-requests/1 ${JSON.stringify({ version: 3, title: 'new', description: 'new body', reviewers })}`,
    );
  });

  it('leaves out the reviewers that Bitbucket no longer takes', async () => {
    const reviewerErrors = [{ context: 'gone', message: 'gone is not a user.', exceptionName: null }];
    const refusal = refuse(409, 'Errors', 'pull.InvalidPullRequestReviewersException', { reviewerErrors });
    const answers = [Response.json(pullRequest({ reviewers })), refusal, Response.json(pullRequest())];
    const { provider, asked } = scriptedBitbucket(() => answers.shift()!);
    await provider.update(present, texts, signal);
    expect(asked[2]).toContain('"reviewers":[{"user":{"name":"ada"}}]');
  });

  it('reads the version again where it changed in between', async () => {
    const answers = [
      ...[Response.json(pullRequest()), outOfDate()],
      ...[Response.json(pullRequest({ version: 4 })), Response.json(pullRequest({ version: 5 }))],
    ];
    const { provider, asked } = scriptedBitbucket(() => answers.shift()!);
    await provider.update(present, texts, signal);
    expect(
      asked.filter((each) => each.startsWith('PUT')).map((each) => /"version":(\d)/.exec(each)?.[1]),
    ).toEqual(['3', '4']);
  });

  it('leaves a pull request that keeps changing to a later attempt', async () => {
    const { provider } = scriptedBitbucket((method) =>
      method === 'GET' ? Response.json(pullRequest()) : outOfDate(),
    );
    expect(await failureOf(provider.update(present, texts, signal))).toMatchObject({
      ...{ code: 'provider-unavailable', retryable: true },
    });
  });

  it('comments once, however often it has to decline', async () => {
    let declines = 0;
    const { provider, asked } = scriptedBitbucket((method, path) => {
      if (method === 'GET') return Response.json(pullRequest());
      if (path.endsWith('/comments')) return Response.json({}, { status: 201 });
      declines++;
      return declines === 1 ? outOfDate() : Response.json(pullRequest());
    });
    await provider.close(present, 'Withdrawn.', signal);
    expect(declines).toBe(2);
    expect(asked.filter((each) => each.includes('/comments'))).toHaveLength(1);
  });
});
