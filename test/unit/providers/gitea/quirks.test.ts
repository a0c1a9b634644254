/** What Gitea does that the contract, which all providers share, cannot ask for; with answers of a real Gitea 1.26. */
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { gitea } from '../../../../src/providers/gitea';
import { accessWith, answering, scripted } from '../../../support/api-access';
import { failureThrownBy } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };
const sha = 'a'.repeat(40);
const base = 'b'.repeat(40);
const time = '2026-11-20T12:00:00Z';

const pullRequest = (fields: object = {}) => ({
  ...{ number: 1, html_url: 'https://git.example.com/acme/apps/pulls/1', title: 't', body: '' },
  ...{ state: 'open', draft: false, merged: false, merged_at: null, merged_by: null, closed_at: null },
  ...{ created_at: time, updated_at: time, mergeable: true, merge_base: base },
  head: { label: 'promotion', ref: 'promotion', sha, repo_id: 1 },
  base: { label: 'main', ref: 'main', sha: base, repo_id: 1 },
  ...fields,
});
const refuse = (status: number, message: string): Response =>
  Response.json({ message, url: 'https://git.example.com/api/swagger' }, { status });
const notFound = (): Response => Response.json({ errors: null, message: 'not found' }, { status: 404 });
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('gitea', () => {
  const branch = (label: string, repo_id: number) => ({ label, ref: label, sha, repo_id });

  it.each([
    ['a fork', { head: branch('promotion', 2) }],
    ['a fork that is gone', { head: branch('promotion', -1) }],
    ['AGit, which has no branch', { head: branch('', 1) }],
    ['another head', { head: branch('promotion2', 1) }],
    ['another base', { base: branch('main2', 1) }],
  ])('lists one of %s, which is not ours', async (_name, fields) => {
    const provider = answering(gitea, 200, [pullRequest(fields)]);
    expect(await provider.findOpen(branches, signal)).toBeUndefined();
  });

  it('finds one whose branch was deleted', async () => {
    const head = { label: 'promotion', ref: 'refs/pull/1/head', sha, repo_id: 1 };
    const found = await answering(gitea, 200, [pullRequest({ head })]).findOpen(branches, signal);
    expect(found).toMatchObject({ number: 1 });
  });

  it('closes the later ones of several that were opened at once', async () => {
    const { provider, asked } = scripted(gitea, (method) =>
      method === 'GET'
        ? Response.json([pullRequest({ number: 8 }), pullRequest({ number: 7 })])
        : Response.json(pullRequest({ number: 8, state: 'closed' }), { status: 201 }),
    );
    expect(await provider.findOpen(branches, signal)).toMatchObject({ number: 7 });
    expect(asked.slice(1)).toEqual(['PATCH /pulls/8 {"title":"Duplicate of #7: t","state":"closed"}']);
  });

  it('does not take a duplicate that it closed for a version that a person rejected', async () => {
    const duplicate = pullRequest({ number: 8, title: 'Duplicate of #7: t', state: 'closed' });
    const { provider } = scripted(gitea, (_method, path) =>
      Response.json(path.includes('/pulls/') ? duplicate : [duplicate, pullRequest({ number: 7 })]),
    );
    expect(await provider.latest(branches, signal)).toMatchObject({ number: 7, state: 'open' });
  });

  it('opens nothing that is empty', async () => {
    const provider = answering(gitea, 201, pullRequest({ merge_base: sha }));
    expect(await failureOf(provider.create(draft, signal))).toMatchObject({ code: 'lease-lost' });
  });

  it.each([
    [
      409,
      'pull request already exists for these targets [id: 1, issue_id: 1, head_repo_id: 1, base_repo_id: 1, head_branch: promotion, base_branch: main]',
      undefined,
    ],
    [423, 'acme/apps is archived', 'request-refused'],
    [401, 'invalid username, password or token', 'bad-credentials'],
    [
      403,
      'token does not have at least one of required scope(s), required=[write:repository], token scope=read:repository',
      'forbidden',
    ],
  ])('means by %i %s: %s', async (status, message, code) => {
    const outcome = await failureOf(answering(gitea, status, { message }).create(draft, signal));
    expect((outcome as { code?: string } | undefined)?.code).toBe(code);
  });

  it('says of an archived repository that it is one', async () => {
    const failed = answering(gitea, 423, { message: 'acme/apps is archived' }).create(draft, signal);
    await expect(failed).rejects.toThrow('acme/apps is archived, and read-only');
  });

  it('keeps the prefix that a person chose for a draft', async () => {
    const present = pullRequest({ title: '[WIP] old', draft: true });
    const { provider, asked } = scripted(gitea, () => Response.json(present));
    const url = present.html_url;
    await provider.update({ number: 1, url, title: 'old', body: '' }, { title: 'new', body: 'b' }, signal);
    expect(asked.at(-1)).toBe('PATCH /pulls/1 {"title":"[WIP] new","body":"b"}');
  });
});

describe('gitea, following', () => {
  it('says of an ended one which commit it was at, and not where its branch is now', async () => {
    const ended = pullRequest({
      state: 'closed',
      merged: true,
      merged_at: time,
      merged_by: { id: 1, login: 'ada' },
    });
    const { provider } = scripted(gitea, (_method, path) => {
      if (path.endsWith('/pulls')) return Response.json([]);
      if (path.endsWith('/pulls/1')) return Response.json(ended);
      return Response.json([{ ref: 'refs/pull/1/head', object: { type: 'commit', sha: base } }]);
    });
    const { states } = await provider.changes({ numbers: [1] }, signal);
    expect(states).toEqual([{ number: 1, state: 'merged', head: base, by: 'ada', at: Date.parse(time) }]);
  });

  it.each([
    ['User not allowed to merge PR', {}, 'not-allowed'],
    ['Work in progress PRs cannot be merged', { draft: true, mergeable: false }, 'not-ready'],
    ['not ready to merge: Not all required status checks successful', {}, 'not-ready'],
    ['not ready to merge: Does not have enough approvals', { mergeable: false }, 'not-ready'],
    ['not ready to merge: The head branch is behind the base branch', {}, 'behind'],
    ['Please try again later', {}, 'not-ready'],
    ['Please try again later', { head: { label: 'promotion', sha: base, repo_id: 1 } }, 'head-moved'],
    ['not found', { state: 'closed' }, 'not-allowed'],
  ])('means by %s of a merge of %j: %s', async (words, fields, because) => {
    const { provider } = scripted(gitea, (method) =>
      method === 'POST' ? refuse(405, words) : Response.json(pullRequest(fields)),
    );
    const merged = await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal);
    expect(merged).toEqual({ merged: false, because, words });
  });

  it('does not squash where that is not wanted, whatever the repository prefers', async () => {
    const repo = { default_merge_style: 'squash' };
    const base_ = { label: 'main', ref: 'main', sha: base, repo_id: 1, repo };
    const words = 'it is not an allowed merge style for this repository';
    const { provider, asked } = scripted(gitea, (method) =>
      method === 'GET' ? Response.json(pullRequest({ base: base_ })) : refuse(405, words),
    );
    const merged = await provider.merge({ number: 1 }, { head: sha, manner: { squash: false } }, signal);
    expect(merged).toEqual({ merged: false, because: 'not-allowed', words });
    const ways = asked.flatMap((each) => /"Do":"([^"]*)"/.exec(each)?.[1] ?? []);
    expect(ways).toEqual(['merge', 'rebase-merge', 'rebase', 'fast-forward-only']);
  });

  it('merges in the way that the repository prefers, or else one that it allows', async () => {
    const repo = { default_merge_style: 'rebase' };
    const present = pullRequest({ base: { label: 'main', sha: base, repo_id: 1, repo } });
    const { provider, asked } = scripted(gitea, (method, path) => {
      if (method === 'GET') return Response.json(present);
      expect(path).toContain('/pulls/1/merge');
      const isFirst = asked.filter((each) => each.startsWith('POST')).length === 1;
      const refused = 'rebase is not allowed an allowed merge style for this repository';
      return isFirst ? refuse(405, refused) : new Response(null, { status: 200 });
    });
    expect(await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal)).toEqual({ merged: true });
    expect(asked.slice(1).map((each) => /"Do":"([^"]*)"/.exec(each)?.[1])).toEqual(['rebase', 'merge']);
  });

  it.each([
    [['windlass/gates'], true],
    [['ci/*', 'windlass/*'], true],
    [['*'], true],
    [['windlass?gates'], true],
    [[], true],
    [['windlass', 'gates', 'Windlass/gates'], false],
    [['windlass.gates'], false],
    [['{ci,windlass}/*'], undefined],
  ])('knows of the required contexts %j: %s', async (contexts, required) => {
    const branch = { protected: true, enable_status_check: true, status_check_contexts: contexts };
    expect(await answering(gitea, 200, branch).requiresCheck('main', signal)).toBe(required);
  });

  it('does not make a conflict of a check for conflicts that ends in time', async () => {
    let reads = 0;
    const { provider } = scripted(gitea, () => Response.json(pullRequest({ mergeable: ++reads > 1 })));
    expect(await provider.conflicting([1], signal)).toEqual([]);
    expect(reads).toBe(2);
  });
});

describe('gitea, decorating', () => {
  const none = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };

  it('does not ask those again who have reviewed', async () => {
    const { provider, asked } = scripted(gitea, (_method, path) =>
      Response.json(path.endsWith('/reviews') ? [{ id: 1, user: { id: 2, login: 'Ada' } }] : pullRequest()),
    );
    const reviewers = { users: ['ada'], teams: [] };
    expect(await provider.decorate({ number: 1 }, { ...none, reviewers }, signal)).toEqual([]);
    expect(asked.filter((each) => !each.startsWith('GET'))).toEqual([]);
  });

  it('says that the repository of a user has no teams', async () => {
    const { provider } = scripted(gitea, (method, path) =>
      Response.json(method === 'POST' || path.endsWith('/reviews') ? [] : pullRequest()),
    );
    const reviewers = { users: [], teams: ['ops'] };
    expect(await provider.decorate({ number: 1 }, { ...none, reviewers }, signal)).toEqual([
      expect.stringContaining('ops'),
    ]);
  });
});

describe('where Gitea has a repository', () => {
  const requestFor = async (url: string, apiUrl?: string): Promise<string> => {
    const asked: string[] = [];
    const provider = gitea.connect({
      repository: parseRepositoryUrl(url),
      ...(apiUrl === undefined ? {} : { apiUrl }),
      access: accessWith('token', {
        fetch: (address) => {
          asked.push(new Request(address).url);
          return Promise.resolve(Response.json([]));
        },
      }),
    });
    await provider.findOpen(branches, signal);
    return asked[0]?.replace(/\/pulls\?.*$/, '') ?? '';
  };
  const below = 'https://example.com/git/api/v1';

  it.each([
    ['https://codeberg.org/acme/apps', undefined, 'https://codeberg.org/api/v1/repos/acme/apps'],
    ['https://codeberg.org/acme/apps.git', undefined, 'https://codeberg.org/api/v1/repos/acme/apps'],
    ['https://codeberg.org:3000/acme/apps/', undefined, 'https://codeberg.org:3000/api/v1/repos/acme/apps'],
    ['git@codeberg.org:acme/apps.git', undefined, 'https://codeberg.org/api/v1/repos/acme/apps'],
    ['ssh://git@codeberg.org:2222/acme/apps', undefined, 'https://codeberg.org/api/v1/repos/acme/apps'],
    ['https://example.com/git/acme/apps', undefined, `${below}/repos/acme/apps`],
    ['https://example.com/git/acme/apps', below, `${below}/repos/acme/apps`],
    ['git@example.com:acme/apps.git', 'https://example.com/git', `${below}/repos/acme/apps`],
  ])('%s with the API at %s', async (url, apiUrl, repository) => {
    expect(await requestFor(url, apiUrl)).toBe(repository);
  });

  it.each([
    'https://codeberg.org/apps',
    'ssh://git@codeberg.org/git/acme/apps',
    'https://codeberg.org/acme/a%20b',
  ])('%s is not one', (url) => {
    const repository = parseRepositoryUrl(url);
    const access = accessWith('token', { fetch: () => Promise.resolve(notFound()) });
    expect(failureThrownBy(() => gitea.connect({ repository, access }))).toMatchObject({
      code: 'invalid-pipeline',
    });
  });
});
