import { failureOf } from '../../../support/classified-failure';
import { type Asked, pullRequest, refusal, scriptedCloud, sha } from './scripted-cloud';

const signal = new AbortController().signal;
const at = (hash: string) => ({ values: [{ name: 'promotion', target: { hash } }] });

interface Script {
  readonly found?: object;
  readonly head?: string;
  readonly answer?: () => Response | object;
  readonly checks?: readonly object[] | Response;
}

/** A service with one pull request, whose state after the merge `answer` decides. */
function withOne({ found = {}, head = sha, answer = () => ({}), checks = [] }: Script) {
  return scriptedCloud(({ method, path }: Asked) => {
    if (method === 'POST') return answer();
    if (path === 'refs/branches') return at(head);
    if (path.endsWith('/checks')) return checks instanceof Response ? checks : { values: checks };
    return pullRequest(found);
  });
}
const merge = ({ provider }: ReturnType<typeof withOne>, manner = {}) =>
  provider.merge({ number: 1 }, { head: sha, manner }, signal);

/** What the pull request is from the request to merge it on. */
function withLater(found: object, answer: Response | object = {}) {
  let isAsked = false;
  return scriptedCloud(({ method, path }) => {
    if (path.endsWith('/checks')) return { values: [] };
    if (path === 'refs/branches') return at(sha);
    if (method === 'GET') return pullRequest(isAsked ? found : {});
    isAsked = true;
    return answer;
  });
}

const squash = { squash: true };
const noSquash = { squash: false };
const preferring = (strategy: string) => ({ default_merge_strategy: strategy });

describe('bitbucket-cloud, merging', () => {
  const failed = (type: string, reason = '') => ({ type, status: 'FAILED', reason, blocking: true });

  it.each([
    [400, "You can't merge until you resolve all merge conflicts.", [], 'conflict'],
    [400, 'refused', [failed('git_mergeability_check', 'conflicts')], 'conflict'],
    [400, 'Unable to fast forward due to changes in the destination branch.', [], 'behind'],
    [
      400,
      'This pull request has failed merge checks.',
      [failed('standard_merge_check', 'builds')],
      'not-ready',
    ],
    [400, 'merge_strategy: "squash" is not a valid choice.', [], 'not-allowed'],
    [400, 'refused', [failed('current_user_permission_check')], 'not-allowed'],
    [403, 'You may not merge here.', [], 'not-allowed'],
    [409, 'One of the refs changed.', [], 'not-ready'],
  ])('means by %i %s %j: %s', async (status, words, checks, because) => {
    const outcome = await merge(withOne({ answer: () => refusal(status, words), checks }));
    expect(outcome).toMatchObject({ merged: false, because });
    expect(outcome).toMatchObject({ words: expect.stringContaining(words) as string });
  });

  it('explains a refusal without the checks where the token may not see them', async () => {
    const script = { answer: () => refusal(400, 'refused'), checks: refusal(403, 'scopes') };
    expect(await merge(withOne(script))).toEqual({ merged: false, because: 'not-ready', words: 'refused' });
  });

  it('does not trust the first twelve digits of a head', async () => {
    const other = `${sha.slice(0, 12)}${'b'.repeat(28)}`;
    const service = withOne({ head: other });
    expect(await merge(service)).toMatchObject({ merged: false, because: 'head-moved' });
    expect(service.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('waits until the branch and the pull request agree', async () => {
    const source = { branch: { name: 'promotion' }, commit: { hash: 'b'.repeat(12) } };
    expect(await merge(withOne({ found: { source } }))).toMatchObject({ because: 'head-moved' });
  });

  const queued = {
    merged: false,
    because: 'not-ready',
    words: expect.stringContaining('a person') as string,
  };

  it('leaves one in the merge queue there, which a person put it into', async () => {
    const service = withOne({ found: { state: 'QUEUED' } });
    expect(await merge(service)).toEqual(queued);
    expect(service.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('does not wait for one that gets into the merge queue', async () => {
    expect(await merge(withLater({ state: 'QUEUED' }))).toEqual(queued);
  });

  const mergedAt = (commit: object | null) => ({
    ...{ state: 'MERGED', source: { branch: { name: 'promotion' }, commit } },
  });
  const other = { hash: 'b'.repeat(12) };

  it.each([
    ['before', () => withOne({ found: mergedAt(other) })],
    ['in between', () => withLater(mergedAt(other))],
    ['by an attempt whose answer was lost', () => withLater(mergedAt(other), refusal(400, 'closed'))],
  ])(
    'is none of the commit that was asked for where a push was merged with it %s',
    async (_when, service) => {
      const outcome = await merge(service());
      expect(outcome).toMatchObject({ merged: false, because: 'head-moved' });
      expect(outcome).toMatchObject({ words: expect.stringContaining(`merged at ${other.hash}`) as string });
    },
  );

  it.each([
    ['that commit', { hash: sha.slice(0, 12) }],
    ['a commit that is no longer known', null],
  ])('counts as done where it is merged at %s', async (_what, commit) => {
    expect(await merge(withOne({ found: mergedAt(commit) }))).toEqual({ merged: true });
  });

  it.each<{ how: string; manner: object; branch: object; expected?: string }>([
    {
      how: 'as the branch prefers',
      manner: {},
      branch: preferring('rebase_merge'),
      expected: 'rebase_merge',
    },
    { how: 'as Bitbucket prefers where the branch says nothing', manner: {}, branch: {} },
    { how: 'squashed', manner: squash, branch: preferring('merge_commit'), expected: 'squash' },
    {
      ...{ how: 'squashed and forwarded where only that is allowed', manner: squash },
      ...{ branch: { merge_strategies: ['squash_fast_forward'] }, expected: 'squash_fast_forward' },
    },
    {
      ...{ how: 'as the branch prefers where that is no squash', manner: noSquash },
      ...{ branch: { ...preferring('rebase_merge'), merge_strategies: ['squash', 'rebase_merge'] } },
      expected: 'rebase_merge',
    },
    {
      ...{ how: 'not squashed where that is what the branch prefers', manner: noSquash },
      branch: {
        ...preferring('squash'),
        ...{ merge_strategies: ['squash', 'squash_fast_forward', 'fast_forward', 'merge_commit'] },
      },
      expected: 'fast_forward',
    },
    {
      ...{ how: 'with a merge commit where the branch does not say what is allowed', manner: noSquash },
      ...{ branch: {}, expected: 'merge_commit' },
    },
  ])('merges $how', async ({ manner, branch, expected }) => {
    const destination = { branch: { name: 'main', ...branch } };
    let isMerged = false;
    const { provider, asked } = scriptedCloud(({ method, path }) => {
      if (method === 'POST') isMerged = true;
      if (path === 'refs/branches') return at(sha);
      return pullRequest({ destination, ...(isMerged ? { state: 'MERGED' } : {}) });
    });
    expect(await provider.merge({ number: 1 }, { head: sha, manner }, signal)).toEqual({
      merged: true,
    });
    expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({
      ...{ type: 'pullrequest', close_source_branch: false },
      ...(expected === undefined ? {} : { merge_strategy: expected }),
    });
  });

  it('does not happen squashed where that is not wanted', async () => {
    const branch = { name: 'main', ...preferring('squash'), merge_strategies: ['squash'] };
    const service = withOne({ found: { destination: { branch } } });
    expect(await merge(service, noSquash)).toMatchObject({ merged: false, because: 'not-allowed' });
    expect(service.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('waits for a merge that goes on in the background', async () => {
    let looks = 0;
    const { provider } = scriptedCloud(({ method, path }) => {
      if (method === 'POST') return Response.json('', { status: 202, headers: { location: 'https://x/' } });
      if (path === 'refs/branches') return at(sha);
      looks += 1;
      return pullRequest(looks > 2 ? { state: 'MERGED' } : {});
    });
    expect(await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal)).toEqual({ merged: true });
    expect(looks).toBe(3);
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    let looks = 0;
    const { provider } = scriptedCloud(({ path, method }) => {
      if (method === 'GET' && path === 'pullrequests/1') looks += 1;
      if (looks === 2)
        queueMicrotask(() => {
          controller.abort(reason);
        });
      return path === 'refs/branches' ? at(sha) : pullRequest();
    });
    await expect(provider.merge({ number: 1 }, { head: sha, manner: {} }, controller.signal)).rejects.toBe(
      reason,
    );
  });

  it('leaves a merge that took too long to the next attempt', async () => {
    const service = withOne({ answer: () => refusal(555, 'timeout') });
    expect(await failureOf(merge(service))).toMatchObject({ code: 'provider-unavailable', retryable: true });
  });
});

describe('bitbucket-cloud, whether windlass/gates is required', () => {
  const builds = { kind: 'require_passing_builds_to_merge', value: 1, branch_match_kind: 'glob' };
  const enforced = { kind: 'enforce_merge_checks', value: null, branch_match_kind: 'glob' };
  const required = async (...values: object[]): Promise<boolean | undefined> =>
    scriptedCloud(() => ({ values })).provider.requiresCheck('release/1.2', signal);

  it.each([
    ['release/1.2', true],
    ['release/*', true],
    ['*', true],
    ['r*/1*2', true],
    ['release/1.2*', true],
    ['release/*.2.*', false],
    ['main', false],
    ['*/1.2.*', false],
    ['release', false],
    ['release/[12].*', undefined],
  ])('by the pattern %s: %s', async (pattern, expected) => {
    expect(await required({ ...builds, pattern }, { ...enforced, pattern })).toBe(expected);
  });

  const all = { pattern: '*' };
  const model = { pattern: '', branch_match_kind: 'branching_model' };

  it.each<{ what: string; restrictions: object[]; expected?: boolean }>([
    { what: 'merge checks that only warn', restrictions: [{ ...builds, ...all }], expected: false },
    { what: 'no builds', restrictions: [{ ...enforced, ...all }], expected: false },
    {
      ...{ what: 'zero builds', expected: false },
      restrictions: [
        { ...builds, ...all, value: 0 },
        { ...enforced, ...all },
      ],
    },
    {
      what: 'a branching model, which is not known',
      restrictions: [
        { ...builds, ...model },
        { ...enforced, ...all },
      ],
    },
  ])('by $what', async ({ restrictions, expected }) => {
    expect(await required(...restrictions)).toBe(expected);
  });
});
