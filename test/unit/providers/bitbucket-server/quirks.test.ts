/** What Bitbucket Data Center does that the contract, which all providers share, cannot ask for. */
import { bitbucketServer } from '../../../../src/providers/bitbucket-server';
import { bitbucketServerApi } from '../../../../src/providers/bitbucket-server/rest-api';
import { scripted } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };
const sha = 'a'.repeat(40);

const repository = { slug: 'apps', project: { key: 'ACME' } };
const ref = (branch: string, fields: object = {}) => ({
  ...{ id: `refs/heads/${branch}`, latestCommit: sha, repository, ...fields },
});
const pullRequest = (fields: object = {}) => ({
  ...{ id: 1, version: 3, title: 't', state: 'OPEN', fromRef: ref('promotion'), toRef: ref('main') },
  ...{ links: { self: [{ href: 'https://git.example.com/1' }] }, reviewers: [], ...fields },
});
const page = (values: readonly object[], next?: number) =>
  Response.json({ values, isLastPage: next === undefined, nextPageStart: next ?? null });
const refuse = (status: number, message: string, exception: string | null, more: object = {}) =>
  Response.json(
    {
      errors: [
        {
          ...{ context: null, message, ...more },
          exceptionName: exception === null ? null : `com.atlassian.bitbucket.${exception}`,
        },
      ],
    },
    { status },
  );
const outOfDate = () => refuse(409, 'You are attempting to modify …', 'pull.PullRequestOutOfDateException');
const script = (answer: (method: string, path: string) => Response) =>
  scripted(bitbucketServer, answer, 'https://git.example.com/scm/ACME/apps.git');

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
    const { provider } = script(() => page([pullRequest(fields)]));
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
    [refuse(409, words, 'pull.DuplicatePullRequestException'), undefined],
    [refuse(409, 'main is already up-to-date', 'pull.EmptyPullRequestException'), 'lease-lost'],
    [refuse(409, 'not supported on archived repositories', null), 'request-refused'],
    [refuse(401, 'You are not permitted', 'AuthorisationException'), 'forbidden'],
    [
      refuse(401, 'Authentication failed', 'auth.IncorrectPasswordAuthenticationException'),
      'bad-credentials',
    ],
    [
      refuse(404, 'Repository ACME/apps does not exist.', 'repository.NoSuchRepositoryException'),
      'base-branch-not-found',
    ],
    [refuse(400, 'Please enter a title', null), 'request-refused'],
  ])('means by the refusal %#: %s', async (refusal, code) => {
    const { provider } = script((method) => (method === 'POST' ? refusal : page([])));
    const outcome = await provider.create(draft, signal).catch((error: unknown) => error);
    expect((outcome as { code?: string } | undefined)?.code).toBe(code);
  });

  it('takes 404 for a missing repository where both branches are there', async () => {
    const listed = page([ref('main-2'), ref('main'), ref('promotion')]);
    const { provider } = script((method) =>
      method === 'POST' ? refuse(404, 'gone', 'repository.NoSuchRepositoryException') : listed.clone(),
    );
    expect(await failureOf(provider.create(draft, signal))).toMatchObject({ code: 'repository-not-found' });
  });

  it('says that an archived repository has to be unarchived', async () => {
    const { provider } = script(() => refuse(409, 'not supported on archived repositories', null));
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
    const failure = await failureOf(script(() => refusal).provider.findOpen(branches, signal));
    expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(failure.message).toContain('sign in once in a browser');
  });
});

describe('bitbucket-server, updating', () => {
  const texts = { title: 'new', body: 'new body' };
  const present = { number: 1, url: 'https://git.example.com/1', title: 't', body: '' };
  const reviewers = [{ user: { name: 'ada' } }, { user: { name: 'gone' } }];

  it('sends the reviewers again, which would be removed otherwise', async () => {
    const { provider, asked } = script(() => Response.json(pullRequest({ reviewers })));
    await provider.update(present, texts, signal);
    expect(asked[1]).toBe(
      `PUT /pull-requests/1 ${JSON.stringify({ version: 3, title: 'new', description: 'new body', reviewers })}`,
    );
  });

  it('leaves out the reviewers that Bitbucket no longer takes', async () => {
    const reviewerErrors = [{ context: 'gone', message: 'gone is not a user.', exceptionName: null }];
    const refusal = refuse(409, 'Errors', 'pull.InvalidPullRequestReviewersException', { reviewerErrors });
    const answers = [Response.json(pullRequest({ reviewers })), refusal, Response.json(pullRequest())];
    const { provider, asked } = script(() => answers.shift()!);
    await provider.update(present, texts, signal);
    expect(asked[2]).toContain('"reviewers":[{"user":{"name":"ada"}}]');
  });

  it('reads the version again where it changed in between', async () => {
    const answers = [
      ...[Response.json(pullRequest()), outOfDate()],
      ...[Response.json(pullRequest({ version: 4 })), Response.json(pullRequest({ version: 5 }))],
    ];
    const { provider, asked } = script(() => answers.shift()!);
    await provider.update(present, texts, signal);
    expect(
      asked.filter((each) => each.startsWith('PUT')).map((each) => /"version":(\d)/.exec(each)?.[1]),
    ).toEqual(['3', '4']);
  });

  it('leaves a pull request that keeps changing to a later attempt', async () => {
    const { provider } = script((method) => (method === 'GET' ? Response.json(pullRequest()) : outOfDate()));
    expect(await failureOf(provider.update(present, texts, signal))).toMatchObject({
      ...{ code: 'provider-unavailable', retryable: true },
    });
  });

  it('comments once, however often it has to decline', async () => {
    let declines = 0;
    const { provider, asked } = script((method, path) => {
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

describe('bitbucket-server, following', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => pullRequest({ id: from + index }));

  it('reads the few that a long list does not begin with by their numbers', async () => {
    const { provider, asked } = script((_method, path) =>
      path === '/pull-requests' ? page(many(100, 100), 100) : Response.json(pullRequest({ id: 7 })),
    );
    await provider.changes({ numbers: [7, 8] }, signal);
    expect(asked.map((each) => each.split(' ')[1])).toEqual([
      ...['/pull-requests', '/pull-requests', '/pull-requests/7', '/pull-requests/8'],
    ]);
  });

  it('tells only what differs from what was seen, and asks only of those who ended them', async () => {
    let states: object = {};
    const { provider, asked } = script((_method, path) => {
      if (path === '/pull-requests')
        return page(many(1, 2).map((each, index) => (index === 0 ? { ...each, ...states } : each)));
      return page([{ action: 'COMMENTED' }, { action: 'MERGED', user: { name: 'ada' } }]);
    });
    const { seen } = await provider.changes({ numbers: [1, 2] }, signal);
    expect(await provider.changes({ numbers: [2, 1], seen }, signal)).toEqual({ seen, states: [] });
    states = { fromRef: ref('promotion', { latestCommit: 'b'.repeat(40) }) };
    const moved = await provider.changes({ numbers: [1, 2], seen }, signal);
    expect(moved.states).toEqual([{ number: 1, state: 'open', head: 'b'.repeat(40) }]);
    states = { state: 'MERGED', closedDate: 1_790_000_000_000 };
    const ended = await provider.changes({ numbers: [1, 2], seen: moved.seen }, signal);
    expect(ended.states).toEqual([
      { number: 1, state: 'merged', head: sha, at: 1_790_000_000_000, by: 'ada' },
    ]);
    expect(asked.filter((each) => each.includes('activities'))).toHaveLength(1);
  });

  it('keeps little of five hundred pull requests in a history', async () => {
    const { provider } = script(() => page(many(10_000, 500)));
    const numbers = many(10_000, 500).map(({ id }) => id);
    const { seen } = await provider.changes({ numbers }, signal);
    expect(JSON.stringify(seen).length).toBeLessThan(8_000);
  });

  it('takes the highest number for the newest, in whatever order they come', async () => {
    const { provider } = script((_method, path) =>
      path.endsWith('activities')
        ? page([])
        : page([pullRequest({ id: 4 }), pullRequest({ id: 9, state: 'DECLINED' }), pullRequest({ id: 5 })]),
    );
    expect(await provider.latest(branches, signal)).toEqual({
      ...{ number: 9, url: 'https://git.example.com/1', title: 't', body: '', state: 'closed', head: sha },
    });
  });

  it.each([
    ['a branch', { id: 'refs/heads/main', type: { id: 'BRANCH' } }, true],
    ['any branch', { id: 'ANY_REF_MATCHER_ID', type: { id: 'ANY_REF' } }, true],
    ['another branch', { id: 'refs/heads/main2', type: { id: 'BRANCH' } }, false],
    ['a pattern', { id: 'ma*', type: { id: 'PATTERN' } }, undefined],
    ['a part of the branching model', { id: 'production', type: { id: 'MODEL_BRANCH' } }, undefined],
  ])('knows of a build that is required for %s: %s', async (_name, refMatcher, required) => {
    const condition = { buildParentKeys: ['ci', 'windlass/gates'], refMatcher };
    const { provider } = script(() => page([condition]));
    expect(await provider.requiresCheck('main', signal)).toBe(required);
  });

  it('does not know what exemptions mean for promotion branches, nor takes other builds for its own', async () => {
    const refMatcher = { id: 'refs/heads/main', type: { id: 'BRANCH' } };
    const exemptRefMatcher = { id: 'hotfix/', type: { id: 'PATTERN' } };
    const exempt = script(() =>
      page([{ buildParentKeys: ['windlass/gates'], refMatcher, exemptRefMatcher }]),
    );
    expect(await exempt.provider.requiresCheck('main', signal)).toBeUndefined();
    const other = script(() => page([{ buildParentKeys: ['ci'], refMatcher }]));
    expect(await other.provider.requiresCheck('main', signal)).toBe(false);
  });

  it.each([
    [{ successful: 1 }, 'none'],
    [{ successful: 2 }, 'passed'],
    [{ successful: 2, cancelled: 1 }, 'failed'],
    [{ successful: 1, unknown: 1 }, 'pending'],
    [{ successful: 1, failed: 1, inProgress: 1 }, 'failed'],
  ])('takes builds %j, of which one is its own, for %s', async (stats, expected) => {
    const { provider } = script((_method, path) =>
      Response.json(path.includes('/stats/') ? stats : { state: 'SUCCESSFUL', url: 'https://w.example.com' }),
    );
    expect(await provider.checks(sha, signal)).toBe(expected);
  });

  it('names the page of the commit where there is none of Windlass, or one that is too long', async () => {
    for (const url of [undefined, `https://w.example.com/${'x'.repeat(450)}`]) {
      const { provider, asked } = script((method) =>
        method === 'GET' ? refuse(404, 'no build', null) : new Response(null, { status: 204 }),
      );
      const check = { head: sha, state: 'pending', description: 'waits' } as const;
      await provider.setCheck(url === undefined ? check : { ...check, url }, signal);
      expect(asked[1]).toContain(`"url":"https://git.example.com/projects/ACME/repos/apps/commits/${sha}"`);
      // Required builds look at `parent`.
      expect(asked[1]).toContain('"key":"windlass/gates","parent":"windlass/gates"');
    }
  });

  it('edits a comment of which Bitbucket does not say who may', async () => {
    const comment = { id: 5, version: 2, text: '[//]: # (windlass:gates)\n\nold' };
    const { provider, asked } = script((method) =>
      method === 'GET' ? page([{ action: 'COMMENTED', comment }]) : Response.json(comment),
    );
    await provider.comment({ number: 1 }, { key: 'gates', body: 'new' }, signal);
    expect(asked[1]).toMatch(/^PUT \/pull-requests\/1\/comments\/5 .*"version":2/);
  });
});

describe('bitbucket-server, merging', () => {
  const merge = (answer: (method: string, path: string) => Response, manner = {}) => {
    const { provider, asked } = script(answer);
    return { outcome: provider.merge({ number: 1 }, { head: sha, manner }, signal), asked };
  };
  const reading = (path: string) =>
    path === '/branches' ? page([ref('promotion-2'), ref('promotion')]) : Response.json(pullRequest());

  it.each([
    [
      'approvals',
      refuse(409, 'vetoed', 'pull.PullRequestMergeVetoedException', {
        conflicted: false,
        vetoes: [{ summaryMessage: 'Requires approvals', detailedMessage: 'You still need 2 approvals.' }],
      }),
      'not-ready',
      'vetoed; You still need 2 approvals.',
    ],
    [
      'a conflict',
      refuse(
        409,
        'The pull request has conflicts and cannot be merged.',
        'pull.PullRequestMergeVetoedException',
        { conflicted: true, vetoes: [] },
      ),
      'conflict',
      'has conflicts',
    ],
    ['a base that moved', refuse(409, 'Fast-forward is not possible.', null), 'behind', 'Fast-forward'],
    [
      'a strategy',
      refuse(409, "The merge strategy 'no-ff' is not enabled.", null),
      'not-allowed',
      'strategy',
    ],
    ['an archived repository', refuse(409, 'This repository is archived.', null), 'not-allowed', 'archived'],
    ['a right', refuse(401, 'You are not permitted', 'AuthorisationException'), 'not-allowed', 'permitted'],
  ])('is refused for %s', async (_name, refusal, because, said) => {
    const { outcome } = merge((method, path) => (method === 'POST' ? refusal : reading(path)));
    expect(await outcome).toMatchObject({ merged: false, because });
    expect(((await outcome) as { words: string }).words).toContain(said);
  });

  it('is refused for a wrong token', async () => {
    const refusal = () =>
      refuse(401, 'Authentication failed', 'auth.IncorrectPasswordAuthenticationException');
    const { outcome } = merge((method, path) => (method === 'POST' ? refusal() : reading(path)));
    expect(await failureOf(outcome)).toMatchObject({ code: 'bad-credentials' });
  });

  it.each([
    ['has moved, which Bitbucket has not noticed yet', [ref('promotion', { latestCommit: 'b'.repeat(40) })]],
    ['is gone', []],
  ])('does not happen where the branch %s', async (_name, listed) => {
    const { outcome, asked } = merge((_method, path) =>
      path === '/branches' ? page(listed) : Response.json(pullRequest()),
    );
    expect(await outcome).toMatchObject({ merged: false, because: 'head-moved' });
    expect(asked.filter((each) => each.startsWith('POST'))).toEqual([]);
  });

  it('is done where somebody merged it in between', async () => {
    let attempts = 0;
    const { outcome } = merge((method, path) => {
      if (method === 'POST') {
        attempts++;
        return refuse(409, 'already been merged', 'pull.IllegalPullRequestStateException');
      }
      return attempts === 0 ? reading(path) : Response.json(pullRequest({ state: 'MERGED' }));
    });
    expect(await outcome).toEqual({ merged: true });
  });

  it.each([
    [['squash', 'squash-ff-only'], 'squash'],
    [['no-ff', 'squash-ff-only'], 'squash-ff-only'],
  ])('squashes as the repository allows: of %j, with %s', async (enabled, strategyId) => {
    const strategies = enabled.map((id) => ({ id, enabled: true }));
    const { outcome, asked } = merge(
      (_method, path) =>
        path.startsWith('/settings') ? Response.json({ mergeConfig: { strategies } }) : reading(path),
      { squash: true },
    );
    expect(await outcome).toEqual({ merged: true });
    expect(asked.at(-1)).toContain(`{"strategyId":"${strategyId}"}`);
  });

  it('does not happen otherwise than squashed where that is wanted', async () => {
    const strategies = [{ id: 'squash', enabled: false }];
    const { outcome } = merge(
      (_method, path) =>
        path.startsWith('/settings') ? Response.json({ mergeConfig: { strategies } }) : reading(path),
      { squash: true },
    );
    expect(await outcome).toMatchObject({ merged: false, because: 'not-allowed' });
  });

  it('counts although its branch may not be deleted, and names the commit that the branch has to be at', async () => {
    const { outcome, asked } = merge(
      (method, path) => (method === 'DELETE' ? refuse(400, 'not at that commit', null) : reading(path)),
      { deleteBranch: true },
    );
    expect(await outcome).toEqual({ merged: true });
    expect(asked.at(-1)).toContain(`{"name":"refs/heads/promotion","endPoint":"${sha}","dryRun":false}`);
  });
});

describe('bitbucket-server, decorating', () => {
  const nothing = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };

  it('says that pull requests have no labels and no assignees, without a request', async () => {
    const { provider, asked } = script(() => Response.json({}));
    const said = await provider.decorate(
      { number: 1 },
      { ...nothing, labels: ['staging'], assignees: ['ada'] },
      signal,
    );
    expect(said).toEqual([expect.stringContaining('staging'), expect.stringContaining('ada')]);
    expect(asked).toEqual([]);
  });

  it('asks neither its author nor those who review already', async () => {
    const people = { author: { user: { name: 'bot' } }, reviewers: [{ user: { name: 'Ada' } }] };
    const users = ['bot', 'ada', 'grace'].map((name) => ({ name }));
    const { provider, asked } = script((_method, path) =>
      path.startsWith('/settings')
        ? page([{ id: 1, name: 'Platform', users }])
        : Response.json(pullRequest(people)),
    );
    const reviewers = { users: ['ada', 'grace'], teams: ['Platform'] };
    expect(await provider.decorate({ number: 1 }, { ...nothing, reviewers }, signal)).toEqual([]);
    expect(asked.filter((each) => each.startsWith('POST'))).toEqual([
      'POST /pull-requests/1/participants {"user":{"name":"grace"},"role":"REVIEWER"}',
    ]);
  });
});
