/** What Bitbucket Cloud does that the contract, which all providers share, cannot ask for. */
import { bitbucketCloud } from '../../../../src/providers/bitbucket-cloud';
import { failureOf, failureThrownBy } from '../../../support/classified-failure';
import { pullRequest, refusal, scriptedCloud, sha } from './scripted-cloud';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };
const empty = { values: [] };

describe('bitbucket-cloud, finding', () => {
  it.each([
    ['of a fork', { source: { branch: { name: 'promotion' }, repository: { full_name: 'eve/apps' } } }],
    ['of a fork that is gone', { source: { branch: { name: 'promotion' }, repository: null } }],
    ['of another branch', { source: { branch: { name: 'x' }, repository: { full_name: 'acme/apps' } } }],
    ['that has ended', { state: 'DECLINED' }],
  ])('does not take one %s for ours', async (_name, fields) => {
    const { provider } = scriptedCloud(() => ({ values: [pullRequest(fields)] }));
    expect(await provider.findOpen(branches, signal)).toBeUndefined();
  });

  it.each(['OPEN', 'DRAFT', 'QUEUED'])('takes one in the state %s for open', async (state) => {
    const { provider } = scriptedCloud(() => ({ values: [pullRequest({ state })] }));
    expect(await provider.findOpen(branches, signal)).toMatchObject({ number: 1 });
  });

  it('lets no branch name end its quotes', async () => {
    const { provider, asked } = scriptedCloud(() => empty);
    await provider.findOpen({ head: 'a" OR state = "OPEN\\', base: 'main' }, signal);
    expect(asked[0]!.query.get('q')).toContain(
      String.raw`source.branch.name = "a\" OR state = \"OPEN\\" AND destination.branch.name = "main" AND`,
    );
  });

  it('reads the next page where its own API is, whoever the answer names', async () => {
    const { provider, asked } = scriptedCloud(({ query }) =>
      query.get('page') === '2'
        ? { values: [pullRequest()] }
        : { values: [], next: 'https://evil.example/2.0/x?page=2' },
    );
    expect(await provider.findOpen(branches, signal)).toMatchObject({ number: 1 });
    expect(asked.map(({ url }) => new URL(url).host)).toEqual(['api.bitbucket.org', 'api.bitbucket.org']);
  });
});

describe('bitbucket-cloud, creating', () => {
  it.each([
    [
      400,
      'destination: branch not found: main',
      { fields: { destination: ['branch not found: main'] } },
      'base-branch-not-found',
    ],
    [
      400,
      'source: branch not found: promotion',
      { fields: { source: ['branch not found: promotion'] } },
      'lease-lost',
    ],
    [400, 'source: branch not found: promotion', {}, 'lease-lost'],
    [400, 'There are no changes to be pulled', {}, 'lease-lost'],
    [400, 'title: This field is required.', {}, 'request-refused'],
    [402, 'Payment required', {}, 'forbidden'],
    [401, 'App passwords are deprecated and must be replaced with API tokens.', {}, 'bad-credentials'],
    [410, 'App passwords are deprecated and must be replaced with API tokens.', {}, 'bad-credentials'],
    [410, 'This API is no longer supported.', {}, 'request-refused'],
    [555, 'timeout', {}, 'provider-unavailable'],
  ])('means by %i %s %j: %s', async (status, message, rest, code) => {
    const { provider } = scriptedCloud(({ method }) =>
      method === 'GET' ? empty : refusal(status, message, rest),
    );
    expect(await failureOf(provider.create(draft, signal))).toMatchObject({ code });
  });

  it('names the scopes that a token lacks', async () => {
    const detail = { required: ['pullrequest:write'], granted: ['repository'] };
    const words = 'Your credentials lack one or more required privilege scopes.';
    const { provider } = scriptedCloud(() => refusal(403, words, { detail }));
    const failure = await failureOf(provider.create(draft, signal));
    expect(failure).toMatchObject({ code: 'forbidden' });
    expect(failure.message).toContain('required: pullrequest:write');
  });

  it('says that a page of another server is not the API', async () => {
    const page = new Response('<html></html>', { status: 404, headers: { 'content-type': 'text/html' } });
    const { provider } = scriptedCloud(() => page);
    expect(await failureOf(provider.findOpen(branches, signal))).toMatchObject({
      code: 'repository-not-found',
    });
  });
});

describe('bitbucket-cloud, following', () => {
  it('names commits by their whole ids, from branches where there are many', async () => {
    const ids = [1, 2, 3].map((digit) => String(digit).repeat(40));
    const end = (index: number) => ({
      ...{ branch: { name: `b${index}` }, commit: { hash: ids[index]!.slice(0, 12) } },
      repository: { full_name: 'acme/apps' },
    });
    const { provider, asked } = scriptedCloud(({ path }) => {
      if (path === 'pullrequests')
        return { values: [0, 1, 2].map((index) => pullRequest({ id: index + 1, source: end(index) })) };
      if (path === 'refs/branches')
        return {
          // One has moved in between.
          values: [0, 1, 2].map((index) => ({
            ...{ name: `b${index}`, target: { hash: index === 2 ? 'f'.repeat(40) : ids[index] } },
          })),
        };
      return { hash: ids[2] };
    });
    const { states } = await provider.changes({ numbers: [1, 2, 3] }, signal);
    expect(states.map(({ head }) => head)).toEqual(ids);
    expect(asked.map(({ path }) => path)).toEqual([
      'pullrequests',
      'refs/branches',
      `commit/${ids[2]!.slice(0, 12)}`,
    ]);
  });

  it('leaves out the head of one whose commit is gone', async () => {
    const { provider } = scriptedCloud(({ path }) =>
      path.startsWith('commit/') ? refusal(404, 'Commit not found') : { values: [pullRequest()] },
    );
    const { states } = await provider.changes({ numbers: [1] }, signal);
    expect(states).toEqual([{ number: 1, state: 'open' }]);
  });

  it('names who has no nickname by the name that is shown', async () => {
    const closed_by = { display_name: 'fleet access token' };
    const { provider } = scriptedCloud(({ path }) =>
      path.startsWith('commit/')
        ? { hash: sha }
        : { values: [pullRequest({ state: 'SUPERSEDED', closed_by })] },
    );
    const { states } = await provider.changes({ numbers: [1] }, signal);
    expect(states).toMatchObject([{ state: 'closed', by: 'fleet access token', head: sha }]);
  });
});

describe('bitbucket-cloud, commenting', () => {
  const body = '[//]: # (windlass:gates)\n\nwaits';

  it.each([
    [401, 'Token is invalid, expired, or not supported for this endpoint.'],
    [403, 'Your credentials lack one or more required privilege scopes.'],
  ])('takes who opened the pull request for itself where its token gets %i: %s', async (status, words) => {
    const { provider, asked } = scriptedCloud(({ path, method }) => {
      if (path === '/2.0/user') return refusal(status, words);
      if (path === 'pullrequests/1') return { author: { uuid: '{bot}' } };
      if (method === 'GET')
        return { values: [{ id: 7, content: { raw: body }, user: { uuid: '{bot}' }, deleted: false }] };
      return {};
    });
    await provider.comment({ number: 1 }, { key: 'gates', body: 'is open' }, signal);
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', path: 'pullrequests/1/comments/7' });
  });

  it('edits what it may edit after an access token was replaced, and skips the rest', async () => {
    const comments = ['{old}', '{new}', '{eve}'].map((uuid, index) => ({
      ...{ id: index + 1, content: { raw: body }, user: { uuid }, deleted: false },
    }));
    const { provider, asked } = scriptedCloud(({ path, method }) => {
      if (path === '/2.0/user') return refusal(401, 'Token is not supported for this endpoint.');
      if (path === 'pullrequests/1') return { author: { uuid: '{old}' } };
      if (method === 'PUT') return path.endsWith('/2') ? {} : refusal(403, 'You may not edit this comment.');
      return { values: comments };
    });
    await provider.comment({ number: 1 }, { key: 'gates', body: 'is open' }, signal);
    const written = asked.filter(({ method }) => method !== 'GET').map(({ path }) => path);
    expect(written).toEqual(['pullrequests/1/comments/3', 'pullrequests/1/comments/2']);
  });

  it('edits no comment of others where it may ask who it is', async () => {
    const { provider, asked } = scriptedCloud(({ path, method }) => {
      if (path === '/2.0/user') return { uuid: '{bot}' };
      if (method === 'GET')
        return { values: [{ id: 7, content: { raw: body }, user: { uuid: '{eve}' }, deleted: false }] };
      return {};
    });
    await provider.comment({ number: 1 }, { key: 'gates', body: 'is open' }, signal);
    expect(asked.at(-1)).toMatchObject({ method: 'POST', path: 'pullrequests/1/comments' });
    expect(asked.some(({ method }) => method === 'PUT')).toBe(false);
  });

  it('writes again what a person deleted', async () => {
    const { provider, asked } = scriptedCloud(({ method }) =>
      method === 'GET'
        ? { values: [{ id: 7, content: { raw: body }, user: { uuid: '{bot}' }, deleted: true }] }
        : {},
    );
    await provider.comment({ number: 1 }, { key: 'gates', body: 'waits' }, signal);
    expect(asked.at(-1)).toMatchObject({ method: 'POST', body: { content: { raw: body } } });
  });
});

describe('bitbucket-cloud, checking', () => {
  const status = { key: 'windlass/gates', state: 'INPROGRESS', description: 'waits' };

  it.each([undefined, `https://windlass.example.com/${'x'.repeat(450)}`])(
    'links to the commit where the page is %s',
    async (url) => {
      const { provider, asked } = scriptedCloud(() => empty);
      const check = { head: sha, state: 'pending', description: 'waits' } as const;
      await provider.setCheck(url === undefined ? check : { ...check, url }, signal);
      expect(asked.at(-1)!.body).toEqual({
        ...status,
        ...{ name: 'windlass/gates', url: `https://bitbucket.org/acme/apps/commits/${sha}` },
      });
    },
  );

  it.each([
    ['STOPPED', 'failed'],
    ['INPROGRESS', 'pending'],
    ['SUCCESSFUL', 'passed'],
  ])('takes a build that is %s for %s', async (state, expected) => {
    const values = [status, { ...status, key: 'build', state }];
    expect(await scriptedCloud(() => ({ values })).provider.checks(sha, signal)).toBe(expected);
  });
});

describe('where Bitbucket Cloud has a repository', () => {
  const root = 'https://api.bitbucket.org/2.0/repositories/acme/apps/pullrequests';

  it.each([
    'https://bitbucket.org/acme/apps',
    'https://bitbucket.org/acme/apps.git',
    'https://bitbucket.org/acme/apps/',
    'https://ada@bitbucket.org/acme/apps.git',
    'https://www.bitbucket.org/acme/apps',
    'git@bitbucket.org:acme/apps.git',
    'ssh://git@bitbucket.org/acme/apps.git',
    'ssh://git@altssh.bitbucket.org:443/acme/apps.git',
  ])('%s', async (url) => {
    const { provider, asked } = scriptedCloud(() => empty, { url });
    await provider.findOpen(branches, signal);
    expect(asked[0]!.url.replace(/\?.*/, '')).toBe(root);
  });

  it('may be behind a proxy that apiUrl names', async () => {
    const options = { url: 'https://git.example.com/acme/apps', apiUrl: 'https://proxy.example.com/bb' };
    const { provider, asked } = scriptedCloud(() => empty, options);
    await provider.findOpen(branches, signal);
    expect(asked[0]!.url).toContain('https://proxy.example.com/bb/2.0/repositories/acme/apps/pullrequests?');
  });

  it.each([
    ['https://bitbucket.example.com/scm/apps/fleet', 'bitbucket-server'],
    ['https://bitbucket.org/acme', 'WORKSPACE/REPOSITORY'],
    ['https://bitbucket.org/acme/apps/src', 'WORKSPACE/REPOSITORY'],
    ['https://bitbucket.org/acme/my%20apps', 'WORKSPACE/REPOSITORY'],
  ])('is not %s', (url, because) => {
    const failure = failureThrownBy(() => scriptedCloud(() => empty, { url }));
    expect(failure).toMatchObject({ code: 'invalid-pipeline' });
    expect(failure.message).toContain(because);
  });
});

describe('who asks Bitbucket Cloud', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const address = 'bot@example.com';

  it.each([
    ['an access token', { token: 't' }, 'Bearer t', 'x-token-auth'],
    [
      'an access token with its name for Git',
      { token: 't', username: 'x-token-auth' },
      'Bearer t',
      'x-token-auth',
    ],
    [
      'an access token beside the address of a user',
      { token: 'ATCTT3x', username: address },
      'Bearer ATCTT3x',
      'x-token-auth',
    ],
    [
      "a user's API token",
      { token: 'ATATT3x', username: address },
      basic(`${address}:ATATT3x`),
      'x-bitbucket-api-token-auth',
    ],
    [
      "a user's API token of another form",
      { token: 't', username: address },
      basic(`${address}:t`),
      'x-bitbucket-api-token-auth',
    ],
  ])('is %s', async (_name, credentials, authorization, username) => {
    const { provider, asked } = scriptedCloud(() => empty, { credentials });
    await provider.findOpen(branches, signal);
    expect(asked[0]!.authorization).toBe(authorization);
    expect(bitbucketCloud.gitAccess(credentials)).toEqual({
      basic: { username, password: credentials.token },
    });
  });

  it('is not shown by a service that repeats its header', async () => {
    const credentials = { token: 'ATATT3xcanary', username: address };
    const echo = Buffer.from(`${address}:ATATT3xcanary`).toString('base64');
    const { provider } = scriptedCloud(() => refusal(400, `you sent ${echo}`), { credentials });
    const failure = await failureOf(provider.findOpen(branches, signal));
    expect(failure.message).toContain('you sent ***');
    expect(failure.message).not.toContain(echo);
  });

  it.each([
    ["a user's API token without an address", { token: 'ATATT3x' }, 'credentials-missing', 'e-mail address'],
    [
      "a user's API token with a name",
      { token: 'ATATT3x', username: 'ada' },
      'credentials-missing',
      'e-mail address',
    ],
    [
      'its name for Git',
      { token: 't', username: 'x-bitbucket-api-token-auth' },
      'credentials-missing',
      'e-mail address',
    ],
    ['an app password', { token: 'ATBBcanary', username: address }, 'bad-credentials', '28 July 2026'],
  ])('is not %s', async (_name, credentials, code, words) => {
    const { provider, asked } = scriptedCloud(() => empty, { credentials });
    const failure = await failureOf(provider.findOpen(branches, signal));
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('canary');
    expect(asked).toEqual([]);
  });
});
