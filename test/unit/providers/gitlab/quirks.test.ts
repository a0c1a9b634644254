/** What GitLab does that the contract, which all providers share, cannot ask for. */
import { gitlab } from '../../../../src/providers/gitlab';
import { answering } from '../../../support/api-access';

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
