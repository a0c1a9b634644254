import { pullRequestCommit } from '../../../src/providers/pull-request-commit';

const id = 'a'.repeat(40);
const people = (...names: (string | null | undefined)[]): readonly string[] =>
  pullRequestCommit(id, 'message', names).people;

describe('the people of a commit', () => {
  it('are named once each, in the order that they are given', () => {
    expect(people('ada', 'web-flow', 'Ada', 'ada@example.com', 'ada', 'Ada')).toEqual([
      ...['ada', 'web-flow', 'Ada', 'ada@example.com'],
    ]);
  });

  it('are not nobody', () => {
    expect(people('', ' ', null, undefined, ' ada ')).toEqual(['ada']);
  });

  it.each(['x'.repeat(1_000), `x${'🚢'.repeat(1_000)}`])('have names of bounded lengths', (name) => {
    const [cut = ''] = people(name);
    expect(cut).toHaveLength(255);
    expect(cut.isWellFormed()).toBe(true);
  });
});

describe('the message of a commit', () => {
  it('is whole', () => {
    const message = 'Promote\n\nWindlass-Version: 1.2.3\n';
    expect(pullRequestCommit(id, message, [])).toEqual({ id, message, people: [] });
  });

  it('is bounded', () => {
    expect(pullRequestCommit(id, 'x'.repeat(1_000_000), []).message).toHaveLength(65_536);
  });
});
