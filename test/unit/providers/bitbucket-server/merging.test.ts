import { failureOf } from '../../../support/classified-failure';
import {
  commit,
  page,
  pullRequest,
  ref,
  refuse,
  scriptedBitbucket,
} from '../../../support/scripted-bitbucket-server';

const signal = new AbortController().signal;

describe('bitbucket-server, merging', () => {
  const merge = (answer: (method: string, path: string) => Response, manner = {}) => {
    const { provider, asked } = scriptedBitbucket(answer);
    return { outcome: provider.merge({ number: 1 }, { head: commit, manner }, signal), asked };
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

  it.each(['in between', 'by an attempt whose answer was lost'])(
    'is none of the commit that was asked for where a push was merged with it %s',
    async (when) => {
      const fields = { state: 'MERGED', fromRef: ref('promotion', { latestCommit: 'b'.repeat(40) }) };
      const isLost = when !== 'in between';
      const { outcome, asked } = merge(
        (method, path) =>
          method === 'POST' || (isLost && path !== '/branches')
            ? Response.json(pullRequest(fields))
            : reading(path),
        { deleteBranch: true },
      );
      expect(await outcome).toMatchObject({ merged: false, because: 'head-moved' });
      expect(((await outcome) as { words: string }).words).toContain(`merged at ${'b'.repeat(40)}`);
      expect(asked.filter((each) => each.startsWith('DELETE'))).toEqual([]);
    },
  );

  it('is done where a person merged it in between', async () => {
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

  const allowing = (defaultId: string, enabled: readonly string[]) => {
    const strategies = ['no-ff', 'ff', 'squash'].map((id) => ({ id, enabled: enabled.includes(id) }));
    const mergeConfig = { defaultStrategy: { id: defaultId }, strategies };
    return (_method: string, path: string) =>
      path.startsWith('/settings') ? Response.json({ mergeConfig }) : reading(path);
  };

  it.each([
    ['the default', 'ff', ['no-ff', 'ff', 'squash'], 'ff'],
    ['the first', 'squash', ['no-ff', 'ff', 'squash'], 'no-ff'],
  ])(
    'takes %s of the strategies that are no squash where none is wanted',
    async (_which, id, enabled, used) => {
      const { outcome, asked } = merge(allowing(id, enabled), { squash: false });
      expect(await outcome).toEqual({ merged: true });
      expect(asked.at(-1)).toContain(`{"strategyId":"${used}"}`);
    },
  );

  it('does not happen squashed where that is not wanted', async () => {
    const { outcome, asked } = merge(allowing('squash', ['squash']), { squash: false });
    expect(await outcome).toMatchObject({ merged: false, because: 'not-allowed' });
    expect(asked.filter((each) => each.startsWith('POST'))).toEqual([]);
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

  it.each([404, 429, 500, 503])(
    'counts although the deletion of its branch is answered with %i',
    async (status) => {
      const { outcome } = merge(
        (method, path) => (method === 'DELETE' ? refuse(status, 'not now', null) : reading(path)),
        { deleteBranch: true },
      );
      expect(await outcome).toEqual({ merged: true });
    },
  );

  it('counts although its branch may not be deleted, and names the commit that the branch has to be at', async () => {
    const { outcome, asked } = merge(
      (method, path) => (method === 'DELETE' ? refuse(400, 'not at that commit', null) : reading(path)),
      { deleteBranch: true },
    );
    expect(await outcome).toEqual({ merged: true });
    expect(asked.at(-1)).toContain(`{"name":"refs/heads/promotion","endPoint":"${commit}","dryRun":false}`);
  });
});

describe('bitbucket-server, decorating', () => {
  const nothing = { labels: [], reviewers: { users: [], teams: [] }, assignees: [] };

  it('says that pull requests have no labels and no assignees, without a request', async () => {
    const { provider, asked } = scriptedBitbucket(() => Response.json({}));
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
    const { provider, asked } = scriptedBitbucket((_method, path) =>
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
