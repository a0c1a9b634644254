import {
  changedPullRequests,
  type ListedPage,
  type PullRequestLists,
} from '../../../../src/providers/rest/changed-pull-requests';

const noon = Date.parse('2026-11-20T12:00:00Z');
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

/** All open, changed a minute apart, the last one last; as pages of two. */
function lists(count: number): PullRequestLists & { readonly asked: string[] } {
  const asked: string[] = [];
  const listed = Array.from({ length: count }, (_, index) => ({
    ...{ state: { number: count - index, state: 'open' as const }, updatedAt: at(count - index) },
  }));
  const page = (from: number): ListedPage => {
    asked.push(`page ${from / 2 + 1}`);
    const next = from + 2 < listed.length ? { next: () => Promise.resolve(page(from + 2)) } : {};
    return { listed: listed.slice(from, from + 2), tag: '"tag"', ...next };
  };
  return {
    asked,
    newest: (since, tag) => {
      if (since !== undefined || tag !== undefined) asked.push(`since ${since ?? ''} ${tag ?? ''}`);
      return Promise.resolve(page(0));
    },
    read: (numbers) => {
      asked.push(`read ${numbers.join(' ')}`);
      return Promise.resolve(numbers.map((number) => ({ number, state: 'closed' as const })));
    },
  };
}

describe('what became of pull requests', () => {
  it('is asked of nobody for no pull request', async () => {
    const service = lists(3);
    const seen = { tag: '"old"', updatedAt: at(1) };
    expect(await changedPullRequests(service, { numbers: [], seen })).toEqual({ seen, states: [] });
    expect(service.asked).toEqual([]);
  });

  it('is read as far back as the last answer, and a minute for replicas', async () => {
    const service = lists(20);
    const seen = { tag: '"old"', updatedAt: at(17.5) };
    const { states, seen: next } = await changedPullRequests(service, {
      numbers: [1, 2, 3, 17, 18, 20],
      seen,
    });
    expect(states.map(({ number }) => number)).toEqual([20, 18, 17]);
    expect(service.asked).toEqual([`since ${at(16.5)} "old"`, 'page 1', 'page 2', 'page 3']);
    expect(next).toEqual({ tag: '"tag"', updatedAt: at(20) });
  });

  it('is read by number where that costs no more than the pages so far', async () => {
    const service = lists(1_000);
    await changedPullRequests(service, { numbers: [1, 2, 3] });
    expect(service.asked).toEqual(['page 1', 'page 2', 'page 3', 'read 1 2 3']);
  });

  it('is read from a bounded number of pages', async () => {
    const service = lists(1_000);
    const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
    const { states } = await changedPullRequests(service, { numbers });
    expect(states).toHaveLength(500);
    expect(service.asked.filter((each) => each.startsWith('page'))).toHaveLength(20);
  });
});
