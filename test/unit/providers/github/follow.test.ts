import { github } from '../../../../src/providers/github';
import { scripted } from '../../../support/api-access';

const { signal } = new AbortController();
const sha = 'a'.repeat(40);

describe('a look at many pull requests of github', () => {
  const listed = (number: number, state: 'open' | 'closed') => ({
    ...{ number, state, title: '', body: '', html_url: `https://git.example.com/acme/apps/pull/${number}` },
    ...{ head: { ref: `promotion-${number}`, sha }, base: { ref: 'main' } },
    ...{ updated_at: '2026-11-20T12:00:00Z', merged_at: null },
    closed_at: state === 'closed' ? '2026-11-20T12:00:00Z' : null,
  });
  const numbers = Array.from({ length: 80 }, (_, index) => index + 1);
  const looking = (isOpen: (number: number) => boolean) =>
    scripted(github, (_method, path) =>
      Response.json(
        path === '/pulls' ? numbers.map((each) => listed(each, isOpen(each) ? 'open' : 'closed')) : {},
      ),
    );

  it('has all that are open, with one request', async () => {
    const { provider, asked } = looking(() => true);
    const { states, seen } = await provider.changes({ numbers }, signal);
    expect(states).toHaveLength(80);
    expect(seen).not.toEqual({});
    expect(asked).toHaveLength(1);
  });

  it('asks who ended 30 of them, and leaves the others to the next look', async () => {
    const { provider, asked } = looking((number) => number > 40);
    const first = await provider.changes({ numbers }, signal);
    expect(first.states.filter(({ state }) => state === 'closed')).toHaveLength(30);
    expect(first.seen).toEqual({});
    expect(asked).toHaveLength(31);
    const ended = new Set(first.states.filter(({ state }) => state === 'closed').map(({ number }) => number));
    const left = numbers.filter((each) => !ended.has(each));
    const second = await provider.changes({ numbers: left, seen: first.seen }, signal);
    expect(second.states).toHaveLength(50);
    expect(second.seen).not.toEqual({});
  });
});
