import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';

const token = 'forge-token';
const repository = 'acme/fleet';
const pulls = `/repos/${repository}/pulls`;
const draft = { title: 'Promote', body: 'Please', head: 'topic', base: 'main' };

let directory: string;
let forge: Forge;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forge-api-'));
  forge = await startForge({ directory, token });
  await forge.createRepository(repository, { 'app.yaml': 'version: 1.0.0\n', 'other.yaml': 'a\n' });
  await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.1.0\n' }, 'Next');
});

afterEach(async () => {
  await forge.close();
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${forge.url}/api/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body: answer };
}

async function listed(query: string): Promise<number[]> {
  const { body } = await call('GET', `${pulls}?${query}`);
  return (body as unknown as { number: number }[]).map(({ number }) => number);
}

describe('a pull request through the API', () => {
  it('is created with what a client of GitHub relies on', async () => {
    const { status, headers, body } = await call('POST', pulls, draft);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${forge.url}/api/v3${pulls}/1`);
    expect(body).toMatchObject({
      number: 1,
      html_url: `${forge.url}/${repository}/pull/1`,
      state: 'open',
      title: 'Promote',
      body: 'Please',
      merged: false,
      draft: false,
      head: { ref: 'topic', label: 'acme:topic', sha: (await forge.branches(repository)).get('topic') },
      base: { ref: 'main', label: 'acme:main', sha: (await forge.branches(repository)).get('main') },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('takes its head as owner:branch too', async () => {
    expect((await call('POST', pulls, { ...draft, head: 'acme:topic' })).status).toBe(201);
  });

  it('has no body where none was given', async () => {
    const { body } = await call('POST', pulls, { title: 'Promote', head: 'topic', base: 'main' });
    expect(body['body']).toBeNull();
  });

  it('is found by head and base', async () => {
    await call('POST', pulls, draft);
    expect(await listed('state=open&head=acme:topic&base=main')).toEqual([1]);
    expect(await listed('head=acme:topi&base=main')).toEqual([]);
    expect(await listed('head=other:topic')).toEqual([]);
    expect(await listed('head=acme:topic&base=release')).toEqual([]);
    expect(await listed('state=closed')).toEqual([]);
    expect(await listed('state=all')).toEqual([1]);
  });

  it('is found by a head without an owner as if there were no such filter', async () => {
    await call('POST', pulls, draft);
    expect(await listed('head=nothing-of-the-kind')).toEqual([1]);
  });

  it('is listed newest first, page by page', async () => {
    await call('POST', pulls, draft);
    await forge.commit(repository, 'second', { 'app.yaml': 'version: 1.2.0\n' }, 'Next');
    await call('POST', pulls, { ...draft, head: 'second' });
    const first = await call('GET', `${pulls}?per_page=1`);
    expect(first.body).toMatchObject([{ number: 2 }]);
    expect(first.headers.get('link')).toBe(`<${forge.url}/api/v3${pulls}?per_page=1&page=2>; rel="next"`);
    expect(await listed('per_page=1&page=2')).toEqual([1]);
  });

  it('changes its title and body, and keeps what is not named', async () => {
    await call('POST', pulls, draft);
    const { status, body } = await call('PATCH', `${pulls}/1`, { title: 'Other' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ title: 'Other', body: 'Please', state: 'open' });
  });

  it('follows its branch while it is open', async () => {
    await call('POST', pulls, draft);
    const newer = await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.2.0\n' }, 'Newer');
    expect((await call('GET', `${pulls}/1`)).body).toMatchObject({ head: { sha: newer } });
  });

  it('closes, with a comment, and opens again', async () => {
    await call('POST', pulls, draft);
    const comment = await call('POST', `/repos/${repository}/issues/1/comments`, {
      body: 'No longer wanted.',
    });
    expect(comment).toMatchObject({ status: 201, body: { body: 'No longer wanted.' } });
    expect((await call('PATCH', `${pulls}/1`, { state: 'closed' })).body).toMatchObject({
      state: 'closed',
      merged: false,
    });
    expect((await call('PATCH', `${pulls}/1`, { state: 'open' })).body).toMatchObject({
      state: 'open',
      closed_at: null,
    });
    expect(forge.pullRequests(repository)[0]?.comments).toMatchObject([{ body: 'No longer wanted.' }]);
  });

  it('merges with a merge commit, and keeps its branch', async () => {
    await call('POST', pulls, draft);
    const { status, body } = await call('PUT', `${pulls}/1/merge`);
    expect(status).toBe(200);
    const branches = await forge.branches(repository);
    expect(body).toMatchObject({ merged: true, sha: branches.get('main') });
    expect(branches.has('topic')).toBe(true);
    expect(await forge.readFile(repository, 'main', 'app.yaml')).toBe('version: 1.1.0\n');
    expect((await call('GET', `${pulls}/1`)).body).toMatchObject({ state: 'closed', merged: true });
  });

  it('tells of a merge and of the branch that it moved', async () => {
    const told: string[] = [];
    forge.onPush(({ branch }) => void told.push(`push ${branch}`));
    forge.onPullRequest(({ pullRequest }) => void told.push(`open ${pullRequest.number}`));
    forge.onMerge(({ pullRequest }) => void told.push(`merge ${pullRequest.number}`));
    await call('POST', pulls, draft);
    await call('PUT', `${pulls}/1/merge`);
    expect(told).toEqual(['open 1', 'push main', 'merge 1']);
  });

  it('counts as merged once its commits are on the base branch', async () => {
    await call('POST', pulls, draft);
    await forge.mergePullRequest(repository, 1);
    await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.3.0\n' }, 'Next');
    await call('POST', pulls, draft);
    expect(forge.pullRequests(repository).map(({ state, merged }) => `${state} ${String(merged)}`)).toEqual([
      'open false',
      'closed true',
    ]);
  });

  it('survives a restart of the forge', async () => {
    await call('POST', pulls, draft);
    await forge.close();
    forge = await startForge({ directory, token });
    expect((await call('GET', `${pulls}/1`)).body).toMatchObject({ title: 'Promote', state: 'open' });
    expect((await call('POST', pulls, draft)).status).toBe(422);
  });
});

describe('the repository through the API', () => {
  it('names its default branch and what the token may do', async () => {
    const { status, body } = await call('GET', `/repos/${repository}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      full_name: repository,
      default_branch: 'main',
      permissions: { push: true },
    });
  });
});

const validation = (error: Record<string, string>) => ({ message: 'Validation Failed', errors: [error] });
const missing = (body: object, field: string): object =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== field));

describe('the API refuses', () => {
  beforeEach(async () => {
    await forge.commit(repository, 'taken', { 'app.yaml': 'version: 2.0.0\n' }, 'Taken');
    await call('POST', pulls, { ...draft, head: 'taken' });
  });

  it.each<[string, string, string, unknown, number, object]>([
    [
      'a second one for the same branches',
      'POST',
      pulls,
      { ...draft, head: 'taken' },
      422,
      validation({
        resource: 'PullRequest',
        code: 'custom',
        message: 'A pull request already exists for acme:taken.',
      }),
    ],
    [
      'an unknown head',
      'POST',
      pulls,
      { ...draft, head: 'nowhere' },
      422,
      validation({ resource: 'PullRequest', field: 'head', code: 'invalid' }),
    ],
    [
      'a head in a fork that it does not have',
      'POST',
      pulls,
      { ...draft, head: 'somebody:topic' },
      422,
      validation({ resource: 'PullRequest', field: 'head', code: 'invalid' }),
    ],
    [
      'an unknown base',
      'POST',
      pulls,
      { ...draft, base: 'nowhere' },
      422,
      validation({ resource: 'PullRequest', field: 'base', code: 'invalid' }),
    ],
    [
      'a head without commits of its own',
      'POST',
      pulls,
      { ...draft, head: 'main' },
      422,
      validation({ resource: 'PullRequest', code: 'custom', message: 'No commits between main and main' }),
    ],
    [
      'no head',
      'POST',
      pulls,
      missing(draft, 'head'),
      422,
      { message: 'Invalid request.\n\n"head" wasn\'t supplied.' },
    ],
    [
      'no title',
      'POST',
      pulls,
      missing(draft, 'title'),
      422,
      validation({ resource: 'PullRequest', field: 'title', code: 'missing_field' }),
    ],
    [
      'an unknown field',
      'POST',
      pulls,
      { ...draft, labels: [] },
      422,
      { message: 'Invalid request.\n\n"labels" is not a permitted key.' },
    ],
    [
      'a field of the wrong type',
      'POST',
      pulls,
      { ...draft, base: 7 },
      422,
      { message: expect.stringContaining("For 'properties/base', 7 is not valid") },
    ],
    [
      'a title that is too long',
      'POST',
      pulls,
      { ...draft, title: 'x'.repeat(257) },
      422,
      validation({
        resource: 'PullRequest',
        field: 'title',
        code: 'custom',
        message: 'title is too long (maximum is 256 characters)',
      }),
    ],
    [
      'a body that is too long',
      'PATCH',
      `${pulls}/1`,
      { body: 'x'.repeat(65_537) },
      422,
      validation({
        resource: 'PullRequest',
        field: 'body',
        code: 'custom',
        message: 'body is too long (maximum is 65536 characters)',
      }),
    ],
    ['a state that there is not', 'PATCH', `${pulls}/1`, { state: 'merged' }, 422, { status: '422' }],
    ['an unknown repository', 'POST', '/repos/acme/other/pulls', draft, 404, { message: 'Not Found' }],
    ['an unknown pull request', 'PATCH', `${pulls}/9`, { title: 'x' }, 404, { message: 'Not Found' }],
    [
      'an endpoint that it does not have',
      'GET',
      `/repos/${repository}/branches`,
      undefined,
      404,
      { message: 'Not Found' },
    ],
    ['broken JSON', 'POST', pulls, '{"title":', 400, { message: 'Problems parsing JSON' }],
    ['JSON that is no object', 'POST', pulls, '[]', 400, { message: 'Body should be a JSON object' }],
    [
      'an empty comment',
      'POST',
      `/repos/${repository}/issues/1/comments`,
      { body: ' ' },
      422,
      validation({ resource: 'IssueComment', field: 'body', code: 'missing_field' }),
    ],
    [
      'a merge of another head than the reviewed one',
      'PUT',
      `${pulls}/1/merge`,
      { sha: '0'.repeat(40) },
      409,
      { message: 'Head branch was modified. Review and try the merge again.' },
    ],
  ])('%s', async (_name, method, path, body, status, expected) => {
    const answer = await call(method, path, body);
    expect(answer.body).toMatchObject(expected);
    expect(answer.status).toBe(status);
    expect(forge.pullRequests(repository)).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['a wrong token', { authorization: 'Bearer wrong' }, 401, 'Bad credentials'],
    ['an unknown scheme', { authorization: `Digest ${token}` }, 401, 'Bad credentials'],
    ['another media type than JSON', { 'content-type': 'text/plain' }, 400, 'Problems parsing JSON'],
    [
      'who accepts no JSON',
      { accept: 'text/html' },
      415,
      "Unsupported 'Accept' header: Must accept 'application/json'.",
    ],
    [
      'who does not say who they are',
      { 'user-agent': '' },
      403,
      expect.stringContaining('User-Agent') as string,
    ],
  ])('%s', async (_name, headers, status, message) => {
    const answer = await call('POST', pulls, draft, headers);
    expect(answer).toMatchObject({ status, body: { message } });
    expect(forge.pullRequests(repository)).toHaveLength(1);
  });

  it('who has no token', async () => {
    const response = await fetch(`${forge.url}/api/v3${pulls}`);
    expect(response.status).toBe(401);
  });

  it('a merge that conflicts', async () => {
    await forge.commit(repository, 'main', { 'app.yaml': 'version: 3.0.0\n' }, 'Elsewhere');
    const answer = await call('PUT', `${pulls}/1/merge`);
    expect(answer).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
  });

  it('a second merge, and to open what is merged', async () => {
    await forge.mergePullRequest(repository, 1);
    expect((await call('PUT', `${pulls}/1/merge`)).status).toBe(405);
    expect((await call('PATCH', `${pulls}/1`, { state: 'open' })).status).toBe(422);
  });
});

describe('a required check', () => {
  const context = 'windlass/gates';
  const setStatus = async (state: string): Promise<void> => {
    const head = (await forge.branches(repository)).get('topic')!;
    await call('POST', `/repos/${repository}/statuses/${head}`, { state, context });
  };
  beforeEach(() => call('POST', pulls, draft));

  it('keeps a merge waiting until it succeeds, and says so', async () => {
    forge.repository(repository).requiredChecks.require('main', context);
    for (const [state, word] of [
      [undefined, 'expected'],
      ['pending', 'pending'],
      ['failure', 'failing'],
    ] as const) {
      if (state !== undefined) await setStatus(state);
      const message = `Required status check "${context}" is ${word}.`;
      expect(await call('PUT', `${pulls}/1/merge`)).toMatchObject({ status: 405, body: { message } });
      expect((await call('GET', `${pulls}/1`)).body).toMatchObject({
        ...{ mergeable: true, mergeable_state: 'blocked' },
      });
    }
    await setStatus('success');
    expect((await call('GET', `${pulls}/1`)).body).toMatchObject({ mergeable_state: 'clean' });
    expect((await call('PUT', `${pulls}/1/merge`)).status).toBe(200);
  });

  it('is required of the head, not of a commit before it', async () => {
    forge.repository(repository).requiredChecks.require('main', context);
    await setStatus('success');
    await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.2.0\n' }, 'Pushed later');
    expect((await call('PUT', `${pulls}/1/merge`)).status).toBe(405);
  });

  it('holds for its branch alone', async () => {
    forge.repository(repository).requiredChecks.require('release', context);
    expect((await call('PUT', `${pulls}/1/merge`)).status).toBe(200);
  });

  it.each(['protection', 'ruleset'] as const)('of a %s is shown to every reader', async (by) => {
    const branch = `/repos/${repository}/branches/main`;
    const rules = `/repos/${repository}/rules/branches/main`;
    const none = { required_status_checks: { contexts: [], checks: [] } };
    expect((await call('GET', branch)).body).toMatchObject({ protected: false, protection: none });
    expect((await call('GET', rules)).body).toEqual([]);
    forge.repository(repository).requiredChecks.require('main', context, by);
    const shown = { required_status_checks: { contexts: [context], checks: [{ context }] } };
    expect((await call('GET', branch)).body).toMatchObject({
      ...{ protected: true, protection: by === 'protection' ? shown : none },
    });
    const rule = { type: 'required_status_checks', parameters: { required_status_checks: [{ context }] } };
    expect((await call('GET', rules)).body).toMatchObject(by === 'ruleset' ? [rule] : []);
    expect((await call('PUT', `${pulls}/1/merge`)).status).toBe(405);
  });

  it('gives no branch that is not there', async () => {
    expect((await call('GET', `/repos/${repository}/branches/gone`)).status).toBe(404);
  });
});

describe('the commits of a pull request', () => {
  it('name accounts by the addresses that GitHub gives them', async () => {
    const ada = { name: 'Ada', email: '17+ada@users.noreply.github.com' };
    await forge.commit(repository, 'topic', { 'app.yaml': 'version: 1.2.0\n' }, 'Mine\n\nBecause.', ada);
    await call('POST', pulls, draft);
    const { body } = await call('GET', `${pulls}/1/commits`);
    expect(body).toMatchObject([
      { commit: { message: 'Next', author: { email: 'forge@localhost' } }, author: null },
      {
        sha: (await forge.branches(repository)).get('topic'),
        commit: { message: 'Mine\n\nBecause.', author: ada, committer: ada },
        author: { login: 'ada' },
        committer: { login: 'ada' },
      },
    ]);
  });
});

describe('the forge for tests', () => {
  it('merges what moved apart without touching the same lines', async () => {
    await call('POST', pulls, draft);
    await forge.commit(repository, 'main', { 'other.yaml': 'b\n' }, 'Elsewhere');
    await forge.mergePullRequest(repository, 1);
    expect(await forge.readFile(repository, 'main', 'app.yaml')).toBe('version: 1.1.0\n');
    expect(await forge.readFile(repository, 'main', 'other.yaml')).toBe('b\n');
  });

  it('records the calls with their JSON, but no credentials', async () => {
    await call('POST', pulls, draft);
    expect(forge.requests).toMatchObject([
      { kind: 'api', method: 'POST', path: `/api/v3${pulls}`, body: draft },
    ]);
    expect(JSON.stringify(forge.requests)).not.toContain(token);
  });

  it('fails the next calls as told, by kind and method', async () => {
    forge.failNext('api', { answer: 429, headers: { 'retry-after': '1' }, method: 'POST', times: 2 });
    forge.failNext('git', { answer: 500 });
    expect((await call('GET', pulls)).status).toBe(200);
    const failed = await call('POST', pulls, draft);
    expect(failed.status).toBe(429);
    expect(failed.headers.get('retry-after')).toBe('1');
    expect((await call('POST', pulls, draft)).status).toBe(429);
    expect((await call('POST', pulls, draft)).status).toBe(201);
  });

  it('closes the connection when told to', async () => {
    forge.failNext('api', { answer: 'reset' });
    await expect(call('GET', pulls)).rejects.toThrow('fetch failed');
  });

  it('does its work, then loses the answer, when told to', async () => {
    forge.onPullRequest(() => Promise.reject(new Error('the client has gone')));
    expect((await call('POST', pulls, draft)).status).toBe(500);
    expect(forge.pullRequests(repository)).toHaveLength(1);
  });

  it('runs beside another one', async () => {
    const other = await startForge({ directory: join(directory, 'other'), token });
    expect(other.url).not.toBe(forge.url);
    await other.close();
  });
});
