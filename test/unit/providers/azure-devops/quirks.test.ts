/** What Azure DevOps does that the contract, which all providers share, cannot ask for. */
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { azureDevops } from '../../../../src/providers/azure-devops';
import { type PullRequestProvider } from '../../../../src/providers/port';
import { accessWith } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const head = 'a'.repeat(40);
const other = 'b'.repeat(40);
const branches = { head: 'promotion', base: 'main' };
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln';

type Answer = (method: string, path: string, url: URL) => Response;

/** A provider whose service answers by method and path below the repository. */
function scripted(answer: Answer, token = 'pat', url = 'https://dev.azure.com/acme/fleet/_git/apps') {
  const asked: string[] = [];
  const headers: Headers[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const address = new URL(request.url);
    const path = address.pathname.replace('/acme/fleet/_apis/git/repositories/apps', '');
    asked.push(`${request.method} ${path} ${await request.text()}`.trim());
    headers.push(request.headers);
    return answer(request.method, path, address);
  };
  const repository = parseRepositoryUrl(url);
  const provider: PullRequestProvider = azureDevops.connect({
    repository,
    access: accessWith(token, { fetch }),
  });
  return { provider, asked, headers };
}

const list = (value: readonly unknown[]): Response => Response.json({ count: value.length, value });
const refuse = (status: number, typeKey: string, message = typeKey): Response =>
  Response.json({ $id: '1', message, typeKey }, { status });
const pullRequest = (fields: object = {}) => ({
  ...{ pullRequestId: 1, status: 'active', title: 't', sourceRefName: 'refs/heads/promotion' },
  ...{
    targetRefName: 'refs/heads/main',
    mergeStatus: 'succeeded',
    lastMergeSourceCommit: { commitId: head },
  },
  ...{ repository: { id: 'r', project: { id: 'p' } } },
  ...fields,
});

describe('a token of Azure DevOps', () => {
  it.each([
    [
      'a personal access token',
      'abcdefgh'.repeat(7),
      `Basic ${Buffer.from(`:${'abcdefgh'.repeat(7)}`).toString('base64')}`,
    ],
    ['an access token of Entra ID', jwt, `Bearer ${jwt}`],
    [
      'what only looks a little like one',
      'eyJhbGciOi',
      `Basic ${Buffer.from(':eyJhbGciOi').toString('base64')}`,
    ],
  ])('is shown as %s', async (_name, token, authorization) => {
    const { provider, headers } = scripted(() => list([]), token);
    await provider.findOpen(branches, signal);
    expect(headers[0]!.get('authorization')).toBe(authorization);
    expect(headers[0]!.get('x-tfs-fedauthredirect')).toBe('Suppress');
  });

  it('logs Git in as the API', () => {
    expect(azureDevops.gitAccess({ token: jwt })).toEqual({ bearerToken: jwt });
    expect(azureDevops.gitAccess({ token: 'pat-1' })).toEqual({
      basic: { username: 'pat', password: 'pat-1' },
    });
  });

  it.each([
    [203, 'text/html', 'bad-credentials'],
    [200, 'text/html', 'request-refused'],
  ])('is not accepted where %i comes with a page of %s: %s', async (status, type, code) => {
    const { provider } = scripted(
      () => new Response('<html>Sign in</html>', { status, headers: { 'content-type': type } }),
    );
    expect(await failureOf(provider.findOpen(branches, signal))).toMatchObject({ code });
  });

  it('is not the fault of a server that is too old, which is named', async () => {
    const words =
      'The requested REST API version of 7.0 is out of range for this server. The latest REST API version this server supports is 6.0.';
    const { provider } = scripted(() => refuse(400, 'VssVersionOutOfRangeException', words));
    const failure = await failureOf(provider.findOpen(branches, signal));
    expect(failure.code).toBe('request-refused');
    expect(failure.message).toContain('Azure DevOps Server 2022');
  });
});

describe('azure-devops', () => {
  it.each([
    ['a fork', { forkSource: { name: 'refs/heads/promotion' } }],
    ['another source', { sourceRefName: 'refs/heads/promotion2' }],
    ['another target', { targetRefName: 'refs/heads/main2' }],
  ])('lists one of %s, which is not ours', async (_name, fields) => {
    const { provider } = scripted(() => list([pullRequest(fields)]));
    expect(await provider.findOpen(branches, signal)).toBeUndefined();
  });

  it('reads the whole of a description that a list has cut, and no other', async () => {
    const body = 'x'.repeat(1_000);
    const { provider, asked } = scripted((_method, path) =>
      path === '/pullrequests'
        ? list([pullRequest({ description: body.slice(0, 400) })])
        : Response.json(pullRequest({ description: body })),
    );
    expect(await provider.findOpen(branches, signal)).toMatchObject({ body });
    expect(asked).toHaveLength(2);
    const short = scripted(() => list([pullRequest({ description: 'short' })]));
    expect(await short.provider.findOpen(branches, signal)).toMatchObject({ body: 'short' });
    expect(short.asked).toHaveLength(1);
  });

  it('is asked in one version of its API', async () => {
    const versions = new Set<string | null>();
    const { provider } = scripted((_method, path, url) => {
      versions.add(url.searchParams.get('api-version'));
      return path.endsWith('iterations') ? list([{ id: 1, sourceRefCommit: { commitId: head } }]) : list([]);
    });
    await provider.findOpen(branches, signal);
    await provider
      .setCheck({ head, state: 'pending', description: 'x', pullRequest: { number: 1 } }, signal)
      .catch(() => undefined);
    expect([...versions]).toEqual(['7.0']);
  });

  it.each([
    [409, 'GitPullRequestExistsException', undefined],
    [403, 'GitNeedsPermissionException', 'forbidden'],
    [404, 'GitRepositoryNotFoundException', 'repository-not-found'],
    [400, 'InvalidArgumentValueException', 'request-refused'],
    [401, 'UnauthorizedRequestException', 'bad-credentials'],
  ])('means by %i %s of a creation: %s', async (status, exception, code) => {
    const { provider } = scripted(() => refuse(status, exception));
    const outcome = await provider
      .create({ ...branches, title: 't', body: 'b' }, signal)
      .catch((error: unknown) => error);
    expect((outcome as { code?: string } | undefined)?.code).toBe(code);
  });

  it('takes no branch for another that begins alike', async () => {
    const { provider } = scripted((_method, path) =>
      path === '/refs'
        ? list([{ name: 'refs/heads/main2' }, { name: 'refs/heads/promotion' }])
        : refuse(400, 'GitPullRequestCannotBeActivated', 'TF401398: …'),
    );
    const failure = await failureOf(provider.create({ ...branches, title: 't', body: 'b' }, signal));
    expect(failure).toMatchObject({ code: 'base-branch-not-found' });
  });

  it('asks for the whole message of a commit that a list has cut', async () => {
    const commit = { commitId: head, author: { name: 'Ada', email: 'ada@example.com' }, committer: null };
    const { provider } = scripted((_method, path) =>
      path.startsWith('/pullRequests')
        ? list([{ ...commit, comment: 'Promote', commentTruncated: true }])
        : Response.json({ ...commit, comment: 'Promote\n\nmore' }),
    );
    expect(await provider.commits({ number: 1 }, signal)).toEqual([
      { id: head, message: 'Promote\n\nmore', people: ['Ada', 'ada@example.com'] },
    ]);
  });
});

describe('what changed on Azure DevOps', () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  const active = (changed?: number) =>
    numbers.map((pullRequestId) =>
      pullRequest({
        pullRequestId,
        lastMergeSourceCommit: { commitId: pullRequestId === changed ? other : head },
      }),
    );

  it('is known to a sixteenth, by one request', async () => {
    const pushed: number[] = [];
    const { provider, asked } = scripted(() => list(active(pushed[0])));
    const { seen } = await provider.changes({ numbers }, signal);
    expect(seen.tag!.length).toBeLessThanOrEqual(128);
    pushed.push(5);
    const { states } = await provider.changes({ numbers, seen }, signal);
    expect(states.map(({ number }) => number)).toEqual([5, 21, 37]);
    expect(states[0]).toEqual({ number: 5, state: 'open', head: other });
    expect(asked).toHaveLength(2);
  });

  it('is read by itself where one pull request is asked for', async () => {
    const { provider, asked } = scripted(() => Response.json(pullRequest({ pullRequestId: 7 })));
    const { seen, states } = await provider.changes({ numbers: [7] }, signal);
    expect(states).toEqual([{ number: 7, state: 'open', head }]);
    expect((await provider.changes({ numbers: [7], seen }, signal)).states).toEqual([]);
    expect(asked).toEqual(['GET /pullrequests/7', 'GET /pullrequests/7']);
  });

  it('is counted through where there are more than one page', async () => {
    const page = (from: number): unknown[] =>
      Array.from({ length: 500 }, (_, index) => pullRequest({ pullRequestId: from + index }));
    const { provider, asked } = scripted((_method, _path, url) =>
      list(page(1 + Number(url.searchParams.get('$skip') ?? 0))),
    );
    const { states } = await provider.changes({ numbers: [3, 700] }, signal);
    expect(states.map(({ number, state }) => [number, state])).toEqual([
      [3, 'open'],
      [700, 'open'],
    ]);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [{ uniqueName: 'ada@example.com', displayName: 'Ada' }, 'ada@example.com'],
    [{ displayName: 'fleet Build Service' }, 'fleet Build Service'],
  ])('is by whom, of %j', async (names, by) => {
    const ended = {
      status: 'completed',
      closedBy: { id: '1', ...names },
      closedDate: '2026-11-20T12:00:00.1234567Z',
    };
    const { provider } = scripted(() => Response.json(pullRequest(ended)));
    const { states } = await provider.changes({ numbers: [1] }, signal);
    expect(states).toEqual([
      { number: 1, state: 'merged', head, by, at: Date.parse('2026-11-20T12:00:00.123Z') },
    ]);
  });
});

describe('a merge on Azure DevOps', () => {
  const merge = (provider: PullRequestProvider, manner = {}) =>
    provider.merge({ number: 1 }, { head, manner }, signal);
  const policy = 'GitPullRequestUpdateRejectedByPolicyException';

  it.each([
    [403, 'GitNeedsPermissionException', {}, 'not-allowed'],
    [403, policy, {}, 'not-ready'],
    [409, 'GitPullRequestStaleException', { lastMergeSourceCommit: { commitId: other } }, 'head-moved'],
    [400, 'GitPullRequestNotEditableException', { status: 'abandoned' }, 'not-allowed'],
    [400, 'InvalidArgumentValueException', { isDraft: true }, 'not-ready'],
  ])('that is refused with %i %s is %j: %s', async (status, exception, fields, because) => {
    const { provider } = scripted((method, path) => {
      if (method === 'PATCH') return refuse(status, exception, 'refused');
      return path.startsWith('/pullrequests') ? Response.json(pullRequest(fields)) : list([]);
    });
    expect(await merge(provider)).toEqual({ merged: false, because, words: 'refused' });
  });

  it.each([
    ['conflicts', 'conflict'],
    ['rejectedByPolicy', 'not-ready'],
    ['failure', 'not-ready'],
  ])('that is %s later is %s', async (mergeStatus, because) => {
    const { provider } = scripted((method, path) => {
      if (method === 'PATCH') return Response.json(pullRequest({ mergeStatus: 'queued' }));
      return path.startsWith('/pullrequests') ? Response.json(pullRequest({ mergeStatus })) : list([]);
    });
    expect(await merge(provider)).toEqual({ merged: false, because, words: mergeStatus });
  });

  const limited = (settings: object) => {
    const types = 'fa4e907d-c16b-4a4c-9dfa-4916e5d171ab';
    const strategies: string[] = [];
    const script = scripted((method, path) => {
      if (path.endsWith('/policy/configurations'))
        return list([{ type: { id: types }, isEnabled: true, isBlocking: true, settings }]);
      if (method !== 'PATCH') return Response.json(pullRequest());
      const body = JSON.parse(script.asked.at(-1)!.replace(/^[^{]*/, '')) as {
        completionOptions: { mergeStrategy: string };
      };
      const { mergeStrategy } = body.completionOptions;
      strategies.push(mergeStrategy);
      const allowed = `allow${mergeStrategy[0]!.toUpperCase()}${mergeStrategy.slice(1)}`;
      return (settings as Record<string, boolean>)[allowed] === true
        ? Response.json(pullRequest({ status: 'completed' }))
        : refuse(403, policy, 'Merge strategy');
    });
    return { ...script, strategies };
  };

  it.each([
    [{ allowNoFastForward: true, allowSquash: true }, ['noFastForward']],
    [{ allowSquash: true, allowRebase: true }, ['noFastForward', 'squash']],
    [{ allowRebaseMerge: true }, ['noFastForward', 'rebaseMerge']],
  ])('is made as the base branch allows: %j', async (settings, tried) => {
    const { provider, strategies } = limited(settings);
    expect(await merge(provider)).toEqual({ merged: true });
    expect(strategies).toEqual(tried);
  });

  it('is not made in another way than the Pipeline says', async () => {
    const squashed = limited({ allowNoFastForward: true });
    expect(await merge(squashed.provider, { squash: true })).toMatchObject({ because: 'not-ready' });
    expect(squashed.strategies).toEqual(['squash']);
    const unsquashed = limited({ allowSquash: true });
    expect(await merge(unsquashed.provider, { squash: false })).toMatchObject({ because: 'not-ready' });
    expect(unsquashed.strategies).toEqual(['noFastForward']);
  });

  it('never bypasses a policy', async () => {
    const { provider, asked } = limited({ allowNoFastForward: true });
    await merge(provider, { deleteBranch: true });
    expect(asked.join('\n')).not.toMatch(/bypass/i);
    expect(asked[0]).toContain('"deleteSourceBranch":true');
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const reason = new Error('the promotion was cancelled');
    const { provider } = scripted(() => Response.json(pullRequest({ mergeStatus: 'queued' })));
    const merged = provider.merge({ number: 1 }, { head, manner: {} }, controller.signal);
    controller.abort(reason);
    await expect(merged).rejects.toBe(reason);
  });
});

describe('checks on Azure DevOps', () => {
  const gates = (fields: object) => ({
    ...{ id: 1, state: 'pending', description: 'waits', context: { genre: 'windlass', name: 'gates' } },
    ...fields,
  });
  const service = (found: {
    readonly statuses?: readonly object[];
    readonly builds?: readonly object[];
    readonly iterations?: readonly string[];
  }) =>
    scripted((method, path) => {
      if (method === 'POST') return Response.json({});
      if (path.endsWith('/iterations'))
        return list(
          (found.iterations ?? [head]).map((commitId, index) => ({
            id: index + 1,
            sourceRefCommit: { commitId },
          })),
        );
      if (path.startsWith('/commits')) return list([]);
      if (path.endsWith('/statuses')) return list(found.statuses ?? []);
      if (path.endsWith('/policy/evaluations')) return list(found.builds ?? []);
      return path === '/pullrequests' ? list([pullRequest()]) : Response.json(pullRequest());
    });
  const check = { head, state: 'pending', description: 'waits' } as const;

  it('are set on the iteration of the head, in the format that a policy names', async () => {
    const { provider, asked } = service({ iterations: [head, other, head] });
    await provider.setCheck({ ...check, pullRequest: { number: 1 } }, signal);
    expect(asked.at(-1)).toBe(
      'POST /pullRequests/1/statuses {"state":"pending","description":"waits","iterationId":3,"context":{"genre":"windlass","name":"gates"}}',
    );
    // Of a pull request that is known, nothing is looked for.
    expect(asked.some((each) => each === 'GET /pullrequests')).toBe(false);
  });

  it('are set again where an earlier push had the same', async () => {
    const { provider, asked } = service({ iterations: [other, head], statuses: [gates({ iterationId: 1 })] });
    await provider.setCheck(check, signal);
    expect(asked.filter((each) => each.startsWith('POST'))).toHaveLength(1);
  });

  it('wait until the service knows the push', async () => {
    const { provider } = service({ iterations: [other] });
    expect(
      await failureOf(provider.setCheck({ ...check, pullRequest: { number: 1 } }, signal)),
    ).toMatchObject({
      ...{ code: 'provider-unavailable', retryable: true },
    });
  });

  const build = (status: string, fields: object = {}) => ({
    status,
    configuration: {
      ...{ type: { id: '0609b952-1397-4640-95ec-e00a01b2c241' }, isEnabled: true, isBlocking: true },
      ...fields,
    },
  });
  it.each([
    ['queued', 'pending'],
    ['running', 'pending'],
    ['approved', 'passed'],
    ['rejected', 'failed'],
    ['broken', 'failed'],
    ['notApplicable', 'none'],
  ])('count a required build that is %s as %s', async (status, expected) => {
    expect(await service({ builds: [build(status)] }).provider.checks(head, signal)).toBe(expected);
  });

  it('do not count optional builds, and policies of other kinds', async () => {
    const others = [
      build('rejected', { isBlocking: false }),
      build('rejected', { type: { id: 'reviewers' } }),
    ];
    expect(await service({ builds: others }).provider.checks(head, signal)).toBe('none');
  });

  it('do not count what an earlier push was given', async () => {
    const status = gates({ state: 'succeeded', context: { genre: 'ci', name: 'lint' }, iterationId: 1 });
    const moved = service({ iterations: [other, head], statuses: [status] });
    expect(await moved.provider.checks(head, signal)).toBe('none');
    const ofAll = service({ iterations: [other, head], statuses: [{ ...status, iterationId: null }] });
    expect(await ofAll.provider.checks(head, signal, { number: 1 })).toBe('passed');
  });

  it.each([
    ['is required', { isEnabled: true, isBlocking: true }, true],
    ['is optional', { isEnabled: true, isBlocking: false }, false],
    ['is off', { isEnabled: false, isBlocking: true }, false],
  ])('are no condition unless the policy %s', async (_name, fields, required) => {
    const settings = { statusName: 'gates', statusGenre: 'Windlass' };
    const type = { id: 'cbdc66da-9728-4af8-aada-9a5a32e4a226' };
    const { provider } = scripted((_method, path) =>
      path === '' ? Response.json({ id: 'r' }) : list([{ type, settings, ...fields }]),
    );
    expect(await provider.requiresCheck('main', signal)).toBe(required);
  });
});

describe('people on Azure DevOps', () => {
  const none = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };
  const found = (id: string, account: string, fields: object = {}) => ({
    ...{ id, providerDisplayName: 'Ada', isActive: true },
    ...{ properties: { Account: { $type: 'System.String', $value: account } }, ...fields },
  });
  const decorate = (answer: Answer, users: readonly string[], teams: readonly string[] = []) => {
    const script = scripted(answer);
    const decoration = { ...none, reviewers: { users, teams } };
    return { ...script, result: script.provider.decorate({ number: 1 }, decoration, signal) };
  };

  it('are looked up on their own host', async () => {
    const hosts: string[] = [];
    const { result, asked } = decorate(
      (method, path, url) => {
        hosts.push(`${url.host}${url.pathname}`);
        if (method === 'PUT') return Response.json({});
        return path.endsWith('/identities') ? list([found('id-1', 'ada@example.com')]) : list([]);
      },
      ['Ada@example.com'],
    );
    expect(await result).toEqual([]);
    expect(hosts).toContain('vssps.dev.azure.com/acme/_apis/identities');
    expect(asked.at(-1)).toBe('PUT /pullRequests/1/reviewers/id-1 {"id":"id-1","vote":0}');
  });

  it('keep their votes', async () => {
    const reviewer = { id: 'id-1', displayName: 'Ada', uniqueName: 'ada@example.com' };
    const byName = decorate(() => list([reviewer]), ['ada@example.com', 'ADA']);
    expect(await byName.result).toEqual([]);
    expect(byName.asked).toEqual(['GET /pullRequests/1/reviewers']);
  });

  it.each([
    ['is not there', list([]), 'has no user of this name'],
    [
      'is another one',
      list([found('id-1', 'ada2@example.com', { providerDisplayName: 'Adam' })]),
      'has no user of this name',
    ],
    ['is a group', list([found('id-1', 'Ada', { isContainer: true })]), 'has no user of this name'],
    ['is one of several', list([found('id-1', 'x'), found('id-2', 'y')]), 'several have this name'],
    ['cannot be looked up by this token', refuse(401, 'UnauthorizedRequestException'), 'Identity (read)'],
  ])('are named where one %s', async (_name, answer, words) => {
    const { result } = decorate(
      (_method, path) => (path.endsWith('/identities') ? answer.clone() : list([])),
      ['Ada'],
    );
    expect(await result).toEqual([expect.stringContaining(words)]);
  });

  it('are teams of the project where no other is named', async () => {
    const asked: (string | null)[] = [];
    const { result } = decorate(
      (_method, path, url) => {
        if (path.endsWith('/identities')) asked.push(url.searchParams.get('filterValue'));
        return list([]);
      },
      [],
      ['Release', '[other]\\Release'],
    );
    expect(await result).toHaveLength(2);
    expect(asked).toEqual(['[fleet]\\Release', '[other]\\Release']);
  });

  it('are not assigned, and labels that are refused are named', async () => {
    const { provider } = scripted((method) =>
      method === 'GET' ? list([]) : refuse(400, 'InvalidArgumentValueException'),
    );
    const decoration = { ...none, labels: ['a,b'], assignees: ['ada@example.com'] };
    expect(await provider.decorate({ number: 1 }, decoration, signal)).toEqual([
      expect.stringContaining('a,b'),
      expect.stringContaining('ada@example.com'),
    ]);
  });
});
