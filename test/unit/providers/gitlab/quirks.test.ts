/** What GitLab does that the contract, which all providers share, cannot ask for. */
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { gitlab } from '../../../../src/providers/gitlab';
import { accessWith, answering, scripted } from '../../../support/api-access';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };

describe('gitlab', () => {
  const mergeRequest = (fields: object) => ({
    ...{ iid: 1, web_url: 'https://git.example.com/1', state: 'opened', title: 't', description: null },
    ...{ source_branch: 'promotion', target_branch: 'main', source_project_id: 5, target_project_id: 5 },
    ...fields,
  });

  it.each([
    ['a fork', { source_project_id: 6 }],
    ['a fork that is gone', { source_project_id: null }],
    ['another source', { source_branch: 'promotion2' }],
    ['another target', { target_branch: 'main2' }],
  ])('lists one of %s, which is not ours', async (_name, fields) => {
    expect(await answering(gitlab, 200, [mergeRequest(fields)]).findOpen(branches, signal)).toBeUndefined();
  });

  it.each([
    [400, { message: { target_branch: ['does not exist'] } }, 'base-branch-not-found'],
    [422, { message: ['Target branch "main" does not exist'] }, 'base-branch-not-found'],
    [400, { message: { source_branch: ['does not exist'] } }, 'lease-lost'],
    [422, { message: ['Source branch "promotion" does not exist'] }, 'lease-lost'],
    [409, { message: ['Another open merge request already exists for this source branch: !7'] }, undefined],
    [409, { message: 'reference update: incorrect old value provided' }, 'lease-lost'],
    [400, { error: 'title is missing' }, 'request-refused'],
    [401, { error: 'invalid_token', error_description: 'Token was revoked.' }, 'bad-credentials'],
  ])('means by %i %j: %s', async (status, body, code) => {
    const outcome = await answering(gitlab, status, body)
      .create(draft, signal)
      .catch((error: unknown) => error);
    expect((outcome as { code?: string } | undefined)?.code).toBe(code);
  });
});

describe('gitlab, following', () => {
  const sha = 'a'.repeat(40);
  const mergeRequest = (fields: object) => ({
    ...{ iid: 1, web_url: 'https://git.example.com/1', state: 'opened', title: 't', description: null },
    ...{ source_branch: 'promotion', target_branch: 'main', source_project_id: 5, target_project_id: 5 },
    ...{ sha, updated_at: '2026-11-20T12:00:00.000Z', detailed_merge_status: 'mergeable' },
    // Also an answer about the project.
    ...{ path_with_namespace: 'acme/apps', ...fields },
  });
  const refuse = (status: number, message: string): Response => Response.json({ message }, { status });

  it.each([
    [422, 'conflict', 'conflict'],
    [405, 'need_rebase', 'behind'],
    [405, 'ci_must_pass', 'not-ready'],
    [405, 'not_approved', 'not-ready'],
    [422, 'checking', 'not-ready'],
    [401, 'mergeable', 'not-allowed'],
  ])('means by %i of a merge that is %s: %s', async (status, merge_status, because) => {
    const { provider } = scripted(gitlab, (method) =>
      method === 'PUT'
        ? refuse(status, 'refused')
        : Response.json(mergeRequest({ detailed_merge_status: merge_status })),
    );
    const words = `refused: ${merge_status}`;
    expect(await provider.merge({ number: 1 }, { head: sha, manner: {} }, signal)).toEqual({
      merged: false,
      because,
      words,
    });
  });

  it('takes a token that is refused everywhere for a wrong one', async () => {
    const { provider } = scripted(gitlab, () => refuse(401, '401 Unauthorized'));
    const failure = await provider
      .merge({ number: 1 }, { head: sha, manner: {} }, signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'bad-credentials' });
  });

  it.each([
    ['has', { has_conflicts: true, detailed_merge_status: 'ci_still_running' }, [1]],
    ['has, by an older GitLab,', { detailed_merge_status: 'conflict' }, [1]],
    ['may have', { has_conflicts: false, detailed_merge_status: 'unchecked' }, []],
  ])('names one that %s conflicts', async (_name, fields, expected) => {
    const { provider } = scripted(gitlab, () => Response.json([mergeRequest(fields)]));
    expect(await provider.conflicting([1], signal)).toEqual(expected);
  });

  it('asks for the conflicts of fifty merge requests at once', async () => {
    const { provider, asked } = scripted(gitlab, () => Response.json([]));
    await provider.conflicting(
      Array.from({ length: 120 }, (_, index) => index + 1),
      signal,
    );
    expect(asked).toHaveLength(3);
  });

  it('reads no more than 250 commits, the newest, however many pages there are', async () => {
    const by = { author_name: 'Ada', author_email: 'ada@example.com', committer_name: null };
    let count = 0;
    const page = () =>
      Array.from({ length: 50 }, () => ({
        ...{ id: sha, message: `change ${count++}`, committer_email: 'ada@example.com', ...by },
      }));
    const headers = { link: '<https://git.example.com/api/v4/x?page=2>; rel="next"' };
    const { provider, asked } = scripted(gitlab, () => Response.json(page(), { headers }));
    const commits = await provider.commits({ number: 1 }, signal);
    expect(asked).toHaveLength(5);
    expect(commits).toHaveLength(250);
    expect(commits.at(-1)).toEqual({ id: sha, message: 'change 0', people: ['Ada', 'ada@example.com'] });
  });

  it.each([
    ['requires it', { only_allow_merge_if_pipeline_succeeds: true }, true],
    ['does not require it', { only_allow_merge_if_pipeline_succeeds: false }, false],
    ['does not say it to this token', {}, undefined],
    [
      'requires the pipelines of merged results, which are on another commit',
      { only_allow_merge_if_pipeline_succeeds: true, merge_pipelines_enabled: true },
      undefined,
    ],
  ])('a project that %s: %j means %s', async (_name, fields, required) => {
    const { provider, asked } = scripted(gitlab, () =>
      Response.json({ id: 5, path_with_namespace: 'acme/apps', ...fields }),
    );
    expect(await provider.requiresCheck('main', signal)).toBe(required);
    expect(asked).toEqual(['GET']);
  });

  it('says again in a newer pipeline what it said in an older one', async () => {
    const status = { name: 'windlass/gates', ref: 'main', status: 'pending', description: 'waits' };
    const { provider, asked } = scripted(gitlab, (method) =>
      method === 'GET'
        ? Response.json([
            { ...status, id: 1, pipeline_id: 10 },
            { ...status, id: 2, pipeline_id: 11, name: 'build', status: 'running' },
          ])
        : Response.json({ ...status, id: 3, pipeline_id: 11 }),
    );
    await provider.setCheck({ head: sha, state: 'pending', description: 'waits' }, signal);
    expect(asked.at(-1)).toContain('"state":"pending"');
  });
});

describe('where GitLab has a project', () => {
  const requestFor = async (url: string, apiUrl?: string): Promise<string> => {
    const asked: string[] = [];
    const provider = gitlab.connect({
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
    return asked[0]?.replace(/\?.*$/, '') ?? '';
  };
  const below = 'https://develop.example.com/gitlab/api/v4';

  it.each([
    ['https://develop.example.com/gitlab/group/fleet.git', below, `${below}/projects/group%2Ffleet`],
    ['https://develop.example.com/gitlab/group/fleet', `${below}/`, `${below}/projects/group%2Ffleet`],
    [
      'https://develop.example.com/gitlab/group/fleet',
      'https://develop.example.com/gitlab',
      `${below}/projects/group%2Ffleet`,
    ],
    ['git@develop.example.com:gitlab/fleet.git', below, `${below}/projects/gitlab%2Ffleet`],
    ['https://develop.example.com/gitlabs/fleet.git', below, `${below}/projects/gitlabs%2Ffleet`],
    [
      'https://gitlab.com/group/sub/fleet',
      undefined,
      'https://gitlab.com/api/v4/projects/group%2Fsub%2Ffleet',
    ],
  ])('%s with the API at %s', async (url, apiUrl, project) => {
    expect(await requestFor(url, apiUrl)).toBe(`${project}/merge_requests`);
  });

  it.each([
    ['https://gitlab.com/group/fleet', 'https://gitlab.com/group/fleet.git'],
    ['https://gitlab.com/group/fleet/', 'https://gitlab.com/group/fleet.git'],
    ['https://gitlab.com/group/fleet.git', 'https://gitlab.com/group/fleet.git'],
    ['git@gitlab.com:group/fleet', 'ssh://git@gitlab.com/group/fleet'],
  ])('Git is given %s as %s', (url, href) => {
    expect(gitlab.gitUrlFor?.(parseRepositoryUrl(url)).href).toBe(href);
  });
});
