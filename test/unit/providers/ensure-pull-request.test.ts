import { ensurePullRequest } from '../../../src/providers/ensure-pull-request';
import { type PullRequest, type PullRequestProvider } from '../../../src/providers/port';
import { failureOf } from '../../support/classified-failure';

const signal = new AbortController().signal;
const draft = { head: 'promotion', base: 'main', title: 'title', body: 'one\ntwo' };
const open: PullRequest = { number: 7, url: 'https://git.example.com/7', title: 'title', body: 'one\ntwo' };

/** A provider that answers as told, and notes what it was asked. */
function scripted(script: {
  readonly found?: readonly (PullRequest | undefined)[];
  readonly created?: PullRequest;
}): PullRequestProvider & { readonly asked: string[] } {
  const found = [...(script.found ?? [])];
  const asked: string[] = [];
  const unasked = () => Promise.reject(new Error('nobody asked for that'));
  return {
    asked,
    limits: { title: 100, body: 10_000 },
    findOpen: () => {
      asked.push('find');
      return Promise.resolve(found.shift());
    },
    create: () => {
      asked.push('create');
      return Promise.resolve(script.created);
    },
    update: (pullRequest, content) => {
      asked.push('update');
      return Promise.resolve({ ...pullRequest, ...content });
    },
    ...{ close: unasked, changes: unasked, latest: unasked, setCheck: unasked },
    ...{ checks: unasked, merge: unasked, comment: unasked },
    ...{ conflicting: unasked, decorate: unasked, commits: unasked, requiresCheck: unasked },
  };
}

describe('ensuring a pull request', () => {
  it('finds again what somebody else opened meanwhile', async () => {
    const provider = scripted({ found: [undefined, open] });
    expect(await ensurePullRequest(provider, draft, signal)).toEqual({
      pullRequest: open,
      change: 'unchanged',
    });
    expect(provider.asked).toEqual(['find', 'create', 'find']);
  });

  it('gives up on a provider that contradicts itself', async () => {
    const provider = scripted({});
    expect(await failureOf(ensurePullRequest(provider, draft, signal))).toMatchObject({
      code: 'provider-unavailable',
      retryable: true,
    });
    expect(provider.asked).toHaveLength(4);
  });

  it.each([
    ['line ends', { body: 'one\r\ntwo' }],
    ['white space at the end', { body: 'one\ntwo\n', title: 'title ' }],
  ])("takes the provider's own %s for no difference", async (_name, stored) => {
    const provider = scripted({ found: [{ ...open, ...stored }] });
    expect((await ensurePullRequest(provider, draft, signal)).change).toBe('unchanged');
    expect(provider.asked).toEqual(['find']);
  });

  it('updates another title', async () => {
    const provider = scripted({ found: [{ ...open, title: 'other' }] });
    expect(await ensurePullRequest(provider, draft, signal)).toEqual({
      pullRequest: open,
      change: 'updated',
    });
  });

  it('updates its own text, and keeps what a person added to it', async () => {
    const stored = '<!-- windlass:begin -->\nzero\n<!-- windlass:end -->\n\nDo not merge before Monday.';
    const provider = scripted({ found: [{ ...open, body: stored }] });
    const { pullRequest, change } = await ensurePullRequest(provider, draft, signal);
    expect(change).toBe('updated');
    expect(pullRequest.body).toBe(stored.replace('zero', 'one\ntwo'));

    const again = scripted({ found: [pullRequest] });
    expect((await ensurePullRequest(again, draft, signal)).change).toBe('unchanged');
  });
});
