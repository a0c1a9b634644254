import {
  commit,
  page,
  pullRequest,
  ref,
  refuse,
  scriptedBitbucket,
} from '../../../support/scripted-bitbucket-server';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };

describe('bitbucket-server, following', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => pullRequest({ id: from + index }));

  it('reads the few that a long list does not begin with by their numbers', async () => {
    const { provider, asked } = scriptedBitbucket((_method, path) =>
      path === '/pull-requests' ? page(many(100, 100), 100) : Response.json(pullRequest({ id: 7 })),
    );
    await provider.changes({ numbers: [7, 8] }, signal);
    expect(asked.map((each) => each.split(' ')[1])).toEqual([
      ...['/pull-requests', '/pull-requests', '/pull-requests/7', '/pull-requests/8'],
    ]);
  });

  it('tells only what differs from what was seen, and asks only of those who ended them', async () => {
    let states: object = {};
    const { provider, asked } = scriptedBitbucket((_method, path) => {
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
      { number: 1, state: 'merged', head: commit, at: 1_790_000_000_000, by: 'ada' },
    ]);
    expect(asked.filter((each) => each.includes('activities'))).toHaveLength(1);
  });

  it('keeps little of five hundred pull requests in a history', async () => {
    const { provider } = scriptedBitbucket(() => page(many(10_000, 500)));
    const numbers = many(10_000, 500).map(({ id }) => id);
    const { seen } = await provider.changes({ numbers }, signal);
    expect(JSON.stringify(seen).length).toBeLessThan(8_000);
  });

  it('takes the highest number for the newest, in whatever order they come', async () => {
    const { provider } = scriptedBitbucket((_method, path) =>
      path.endsWith('activities')
        ? page([])
        : page([pullRequest({ id: 4 }), pullRequest({ id: 9, state: 'DECLINED' }), pullRequest({ id: 5 })]),
    );
    expect(await provider.latest(branches, signal)).toEqual({
      ...{ number: 9, url: 'https://git.example.com/1', title: 't', body: '', state: 'closed', head: commit },
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
    const { provider } = scriptedBitbucket(() => page([condition]));
    expect(await provider.requiresCheck('main', signal)).toBe(required);
  });

  it('does not know what exemptions mean for promotion branches, nor takes other builds for its own', async () => {
    const refMatcher = { id: 'refs/heads/main', type: { id: 'BRANCH' } };
    const exemptRefMatcher = { id: 'hotfix/', type: { id: 'PATTERN' } };
    const exempt = scriptedBitbucket(() =>
      page([{ buildParentKeys: ['windlass/gates'], refMatcher, exemptRefMatcher }]),
    );
    expect(await exempt.provider.requiresCheck('main', signal)).toBeUndefined();
    const other = scriptedBitbucket(() => page([{ buildParentKeys: ['ci'], refMatcher }]));
    expect(await other.provider.requiresCheck('main', signal)).toBe(false);
  });

  it.each([
    [{ successful: 1 }, 'none'],
    [{ successful: 2 }, 'passed'],
    [{ successful: 2, cancelled: 1 }, 'failed'],
    [{ successful: 1, unknown: 1 }, 'pending'],
    [{ successful: 1, failed: 1, inProgress: 1 }, 'failed'],
  ])('takes builds %j, of which one is its own, for %s', async (stats, expected) => {
    const { provider } = scriptedBitbucket((_method, path) =>
      Response.json(path.includes('/stats/') ? stats : { state: 'SUCCESSFUL', url: 'https://w.example.com' }),
    );
    expect(await provider.checks(commit, signal)).toBe(expected);
  });

  it('names the page of the commit where there is none of Windlass, or one that is too long', async () => {
    for (const url of [undefined, `https://w.example.com/${'x'.repeat(450)}`]) {
      const { provider, asked } = scriptedBitbucket((method) =>
        method === 'GET' ? refuse(404, 'no build', null) : new Response(null, { status: 204 }),
      );
      const check = { head: commit, state: 'pending', description: 'waits' } as const;
      await provider.setCheck(url === undefined ? check : { ...check, url }, signal);
      expect(asked[1]).toContain(
        `"url":"https://git.example.com/projects/ACME/repos/apps/commits/${commit}"`,
      );
      // Required builds look at `parent`.
      expect(asked[1]).toContain('"key":"windlass/gates","parent":"windlass/gates"');
    }
  });

  it('edits a comment of which Bitbucket does not say who may', async () => {
    const comment = { id: 5, version: 2, text: '[//]: # (windlass:gates)\n\nold' };
    const { provider, asked } = scriptedBitbucket((method) =>
      method === 'GET' ? page([{ action: 'COMMENTED', comment }]) : Response.json(comment),
    );
    await provider.comment({ number: 1 }, { key: 'gates', body: 'new' }, signal);
    expect(asked[1]).toMatch(/^PUT \/pull-requests\/1\/comments\/5 .*"version":2/);
  });
});
