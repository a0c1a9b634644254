/** What GitHub does that the contract, which all providers share, cannot ask for. */
import { github } from '../../../../src/providers/github';
import { answering } from '../../../support/api-access';
import { failureOf } from '../../../support/classified-failure';

const signal = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'title', body: 'body' };

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

  it('limits how fast pull requests are made, in words for an invalid one', async () => {
    const provider = answering(github, 422, {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'was submitted too quickly' }],
      documentation_url: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request',
    });
    const failure = await failureOf(provider.create(draft, signal));
    expect(failure).toMatchObject({ code: 'rate-limited', retryable: true, retryAfterMs: 60_000 });
  });

  it('hides a private repository behind 404', async () => {
    const failure = await failureOf(
      answering(github, 404, { message: 'Not Found' }).findOpen(branches, signal),
    );
    expect(failure.code).toBe('repository-not-found');
    expect(failure.message).toContain('acme/apps');
  });
});
