/** What GitHub does that the contract, which all providers share, cannot ask for. */
import { github } from '../../../../src/providers/github';
import { answering, scripted } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };

describe('github', () => {
  const pullRequest = (head: object) => ({
    ...{
      number: 1,
      html_url: 'https://git.example.com/acme/apps/pull/1',
      state: 'open',
      title: 't',
      body: null,
    },
    ...{ head, base: { ref: 'main', repo: { full_name: 'acme/apps' } } },
  });

  it.each([
    ['a fork', { ref: 'promotion', repo: { full_name: 'somebody/apps' } }],
    ['a fork that is gone', { ref: 'promotion', repo: null }],
    [
      'another branch, as if it had not understood the filter',
      { ref: 'x', repo: { full_name: 'acme/apps' } },
    ],
  ])('lists one of %s, which is not ours', async (_name, head) => {
    expect(await answering(github, 200, [pullRequest(head)]).findOpen(branches, signal)).toBeUndefined();
  });

  it('sees no commits between the branches when somebody merged meanwhile', async () => {
    const provider = answering(github, 422, {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'No commits between main and promotion' }],
    });
    const failure = await failureOf(provider.create(draft, signal));
    expect(failure).toMatchObject({ code: 'lease-lost', retryable: true });
  });

  it('quotes what else it finds invalid', async () => {
    const provider = answering(github, 422, {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', field: 'title', code: 'missing_field' }, 'and a plain sentence'],
    });
    const failure = await failureOf(provider.create(draft, signal));
    expect(failure).toMatchObject({ code: 'request-refused', retryable: false });
    expect(failure.message).toContain('Validation Failed; title missing_field; and a plain sentence');
  });

  it('limits how fast pull requests are made, in words for an invalid one', async () => {
    const provider = answering(github, 422, {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'was submitted too quickly' }],
      documentation_url: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request',
    });
    const failure = await failureOf(provider.create(draft, signal));
    expect(failure).toMatchObject({ code: 'rate-limited', retryable: true, retryAfterMs: 60_000 });
  });

  it('hides a private repository behind 404', async () => {
    const failure = await failureOf(
      answering(github, 404, { message: 'Not Found' }).findOpen(branches, signal),
    );
    expect(failure.code).toBe('repository-not-found');
    expect(failure.message).toContain('acme/apps');
  });

  const sha = 'a'.repeat(40);
  const following = (fields: object) => ({
    ...pullRequest({ ref: 'promotion', sha, repo: { full_name: 'acme/apps' } }),
    ...{ updated_at: '2026-11-20T12:00:00Z', merged_at: null, closed_at: null, merged_by: null },
    ...{ mergeable: true, mergeable_state: 'clean', ...fields },
  });
  const refuse = (status: number, message: string): Response => Response.json({ message }, { status });

  it('merges in the way that the repository allows', async () => {
    const { provider, asked } = scripted(github, (_method, _path) =>
      asked.length < 2
        ? refuse(405, 'Merge commits are not allowed on this repository.')
        : Response.json({ sha, merged: true, message: 'Pull Request successfully merged' }),
    );
    expect(await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal)).toEqual({ merged: true });
    expect(asked).toEqual([
      `PUT /pulls/1/merge {"sha":"${sha}","merge_method":"merge"}`,
      `PUT /pulls/1/merge {"sha":"${sha}","merge_method":"squash"}`,
    ]);
  });

  const queueWords = 'Changes must be made through the merge queue';
  const enqueueing = (answer: object, words = queueWords) =>
    scripted(github, (method, path) => {
      if (method === 'PUT') return refuse(405, words);
      if (path.includes('/matching-refs/')) return Response.json([]);
      return Response.json(method === 'POST' ? answer : following({ mergeable_state: 'blocked' }));
    });
  const merged = (provider: ReturnType<typeof enqueueing>['provider']) =>
    provider.merge({ number: 1 }, { head: sha, manner: {} }, signal);

  it.each([queueWords, `Repository rule violations found\n\n${queueWords}`])(
    'requires a merge queue by "%s"',
    async (words) => {
      const data = { repository: { pullRequest: { id: 'PR_1', isInMergeQueue: true } } };
      const { provider } = enqueueing({ data }, words);
      expect(await merged(provider)).toMatchObject({ merged: false, because: 'queued' });
    },
  );

  it('has no merge queues that its API shows on an Enterprise Server before 3.12', async () => {
    const message = "Field 'isInMergeQueue' doesn't exist on type 'PullRequest'";
    const { provider, asked } = enqueueing({ errors: [{ message, extensions: { code: 'undefinedField' } }] });
    expect(await merged(provider)).toMatchObject({ merged: false, because: 'not-allowed' });
    await provider.leaveQueue!({ number: 1 }, signal);
    expect(asked.filter((each) => each.startsWith('POST '))).toEqual([
      expect.stringMatching(/^POST \/api\/graphql \{"query":"query /),
      expect.stringMatching(/^POST \/api\/graphql \{"query":"query /),
    ]);
  });

  it('answers 200 to a GraphQL request that was one too many', async () => {
    const { provider } = enqueueing({
      errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }],
    });
    expect(await failureOf(merged(provider))).toMatchObject({ code: 'rate-limited', retryable: true });
  });

  const decorated = (fields: object) => ({
    ...{ labels: [], assignees: [], requested_reviewers: [], requested_teams: [] },
    ...fields,
  });
  const noOne = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };

  it('does not ask those for a review again who have given it', async () => {
    const requested = [
      { event: 'review_requested', requested_reviewer: { login: 'Ada' } },
      { event: 'review_requested', requested_team: { slug: 'platform' } },
      { event: 'closed' },
    ];
    const { provider, asked } = scripted(github, (_method, path) =>
      Response.json(path.endsWith('/events') ? requested : decorated({})),
    );
    const reviewers = { users: ['ada'], teams: ['platform'] };
    expect(await provider.decorate({ number: 1 }, { ...noOne, reviewers }, signal)).toEqual([]);
    expect(asked).toEqual(['GET /pulls/1', 'GET /issues/1/events']);
  });

  it('asks for reviews although the token may not see who was asked before', async () => {
    const { provider } = scripted(github, (method, path) => {
      if (path.endsWith('/events')) return refuse(403, 'Resource not accessible by personal access token');
      return Response.json(decorated(method === 'POST' ? { requested_reviewers: [{ login: 'ada' }] } : {}));
    });
    const reviewers = { users: ['ada'], teams: [] };
    expect(await provider.decorate({ number: 1 }, { ...noOne, reviewers }, signal)).toEqual([]);
  });

  it('may not let its token add anything: each name is a sentence', async () => {
    const { provider } = scripted(github, (method) =>
      method === 'POST'
        ? refuse(403, 'Resource not accessible by integration')
        : Response.json(decorated({})),
    );
    const wanted = { ...noOne, labels: ['one', 'two'], assignees: ['ada'] };
    expect(await provider.decorate({ number: 1 }, wanted, signal)).toEqual([
      'The label one was not added: Resource not accessible by integration.',
      'The label two was not added: Resource not accessible by integration.',
      'The assignee ada was not added: Resource not accessible by integration.',
    ]);
  });

  it('says which right a token lacks that may not see a team', async () => {
    const { provider } = scripted(github, (method, path) => {
      if (path.endsWith('/events')) return Response.json([]);
      if (method === 'GET') return Response.json(decorated({}));
      const errors = ["Could not resolve to a node with the global id of 'T_kwDOA'."];
      return Response.json({ message: 'Validation Failed', errors }, { status: 422 });
    });
    const reviewers = { users: [], teams: ['platform'] };
    const [warning] = await provider.decorate({ number: 1 }, { ...noOne, reviewers }, signal);
    expect(warning).toMatch(/^The team platform was not added: .*"Members: read".*Could not resolve/);
  });

  it.each([
    ['has another commit', { object: { sha: 'b'.repeat(40) } }, 0],
    ['is as it was merged', { object: { sha } }, 1],
  ])('keeps the merge whatever becomes of a branch that %s', async (_which, ref, deletions) => {
    const { provider, asked } = scripted(github, (method, path) => {
      if (method === 'DELETE') return refuse(422, 'Reference does not exist');
      if (method === 'PUT') return Response.json({ sha, merged: true });
      return Response.json(path.includes('/git/ref/') ? ref : following({ state: 'closed' }));
    });
    const manner = { deleteBranch: true };
    expect(await provider.merge({ number: 1 }, { head: sha, manner }, signal)).toEqual({ merged: true });
    expect(asked.filter((each) => each.startsWith('DELETE'))).toHaveLength(deletions);
  });

  it.each([
    [405, 'Required status check "build" is expected.', { mergeable_state: 'blocked' }, 'not-ready'],
    [405, 'At least 1 approving review is required.', { mergeable_state: 'blocked' }, 'not-ready'],
    [405, 'Pull Request is not mergeable', { mergeable: null, mergeable_state: 'unknown' }, 'not-ready'],
    [405, 'Pull Request is not mergeable', { mergeable: false, mergeable_state: 'dirty' }, 'conflict'],
    [405, 'Head branch is out of date.', { mergeable_state: 'behind' }, 'behind'],
    [403, 'Resource not accessible by integration', {}, 'not-allowed'],
    [409, 'Head branch was modified. Review and try the merge again.', {}, 'not-ready'],
  ])('means by %i "%s" of a merge, with %j: %s', async (status, words, fields, because) => {
    const { provider } = scripted(github, (method) =>
      method === 'PUT' ? refuse(status, words) : Response.json(following(fields)),
    );
    expect(await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal)).toEqual({
      merged: false,
      because,
      words,
    });
  });

  it('keeps a rate limit from being taken for a refused merge', async () => {
    const { provider } = scripted(github, () => refuse(403, 'You have exceeded a secondary rate limit.'));
    const failure = await failureOf(provider.merge({ number: 1 }, { head: sha, manner: {} }, signal));
    expect(failure.code).toBe('rate-limited');
  });

  it('does not say who closed one to a token that may not read issues', async () => {
    const closed = following({ state: 'closed', closed_at: '2026-11-20T12:00:00Z' });
    const { provider } = scripted(github, (_method, path) =>
      path.startsWith('/issues') ? refuse(403, 'Resource not accessible') : Response.json([closed]),
    );
    expect((await provider.changes({ numbers: [1] }, signal)).states).toEqual([
      { number: 1, state: 'closed', head: sha, at: Date.parse('2026-11-20T12:00:00Z') },
    ]);
  });

  it.each([
    ['edits its own', 'Bot', 'PATCH /issues/comments/7'],
    ["leaves a person's alone", 'User', 'POST /issues/1/comments'],
  ])('as an installation, which may not ask who it is, %s', async (_what, type, expected) => {
    const comment = { id: 7, body: '<!-- windlass:gates -->\nold', user: { id: 3, login: 'x', type } };
    const { provider, asked } = scripted(github, (method, path) => {
      if (path.endsWith('/user')) return refuse(403, 'Resource not accessible by integration');
      return Response.json(method === 'GET' ? [comment] : {});
    });
    await provider.comment({ number: 1 }, { key: 'gates', body: 'new' }, signal);
    expect(asked.at(-1)).toMatch(new RegExp(`^${expected} `));
  });

  it('does not know of conflicts as long as GitHub computes them', async () => {
    const { provider } = scripted(github, (_method, path) =>
      Response.json(following({ mergeable: path.endsWith('/1') ? null : false })),
    );
    expect(await provider.conflicting([1], signal)).toEqual([]);
    expect(await provider.conflicting([2], signal)).toEqual([1]);
  });

  const signature = { name: 'Ada Lovelace', email: 'ada@example.com', date: '2026-11-20T12:00:00Z' };
  const commit = (fields: object) => ({
    ...{ sha, commit: { message: 'Change', author: signature, committer: signature }, ...fields },
  });

  it.each([
    ['accounts', { author: { login: 'ada' }, committer: { login: 'web-flow' } }, ['ada', 'web-flow']],
    ['addresses that belong to no account', { author: null, committer: {} }, []],
  ])('names the people of a commit with %s', async (_name, accounts, logins) => {
    const { provider } = scripted(github, () => Response.json([commit(accounts)]));
    expect(await provider.commits({ number: 1 }, signal)).toEqual([
      { id: sha, message: 'Change', people: [...logins, 'Ada Lovelace', 'ada@example.com'] },
    ]);
  });

  it('reads no more than 250 commits, however many pages there are', async () => {
    const page = Array.from({ length: 50 }, () => commit({ author: null, committer: null }));
    const headers = { link: '<https://git.example.com/api/v3/x?page=2>; rel="next"' };
    const { provider, asked } = scripted(github, () => Response.json(page, { headers }));
    expect(await provider.commits({ number: 1 }, signal)).toHaveLength(250);
    expect(asked).toHaveLength(5);
  });

  const noChecks = { contexts: [], checks: [] };
  const protection = (checks: object | null) => ({
    ...{ name: 'main', protected: true, protection: { enabled: true, required_status_checks: checks } },
  });
  const rule = (context: string) => ({
    ...{ type: 'required_status_checks', parameters: { required_status_checks: [{ context }] } },
  });
  const otherRules = [{ type: 'deletion' }, { type: 'pull_request', parameters: {} }, rule('build')];

  it.each([
    ['contexts of the protection', protection({ ...noChecks, contexts: ['windlass/gates'] }), [], true],
    [
      'checks of the protection',
      protection({ checks: [{ context: 'Windlass/Gates', app_id: 1 }] }),
      [],
      true,
    ],
    ['a ruleset', protection(noChecks), [...otherRules, rule('windlass/gates')], true],
    ['nothing', protection({ ...noChecks, contexts: ['windlass/gates2'] }), otherRules, false],
    ['nothing, without required checks', protection(null), [], false],
    ['nothing, without protection', { name: 'main', protected: false }, [], false],
    ['something that it does not show', { name: 'main', protected: true }, [], undefined],
    ['a ruleset, where it hides the branch', 404, [rule('windlass/gates')], true],
    ['something, where it hides the branch', 403, otherRules, undefined],
    ['the protection, on a plan without rulesets', protection({ contexts: ['windlass/gates'] }), 403, true],
    ['nothing, on a plan without rulesets', protection(noChecks), 403, false],
    ['something, where it hides both', 404, 404, undefined],
  ] as const)('takes the gates for required by %s', async (_name, branch, rules, required) => {
    const { provider, asked } = scripted(github, (_method, path) => {
      const answer = path.startsWith('/rules/') ? rules : branch;
      return typeof answer === 'number' ? refuse(answer, 'no') : Response.json(answer);
    });
    expect(await provider.requiresCheck('release/1.x', signal)).toBe(required);
    for (const request of asked) expect(request).toMatch(/branches\/release%2F1\.x$/);
  });
});
