/** What single services do that the contract, which all share, cannot ask for. */
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { github } from '../../../src/providers/github';
import { gitlab } from '../../../src/providers/gitlab';
import { type ProviderModule, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };

/** A provider whose service always gives this answer. */
const answering = (module: ProviderModule, status: number, body: unknown): PullRequestProvider =>
  module.connect({
    repository: parseRepositoryUrl('https://git.example.com/acme/apps'),
    access: accessWith('token', { fetch: () => Promise.resolve(Response.json(body, { status })) }),
  });

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

  it('hides a private repository behind 404', async () => {
    const failure = await failureOf(
      answering(github, 404, { message: 'Not Found' }).findOpen(branches, signal),
    );
    expect(failure.code).toBe('repository-not-found');
    expect(failure.message).toContain('acme/apps');
  });
});

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
