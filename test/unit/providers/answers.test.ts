import { quotable } from '../../../src/providers/answers';

describe("a provider's words in an error", () => {
  it('are one line', () => {
    expect(quotable(' a\r\n\tb\u001b[31m\u0000c ', 't')).toBe('a b [31m c');
  });

  it('never show the token', () => {
    expect(quotable('bad token canary, canary!', 'canary')).toBe('bad token ***, ***!');
  });

  it('never show the token percent-encoded, as a URL would hold it', () => {
    expect(quotable('no such key: a%2Fcanary%3D', 'a/canary=')).toBe('no such key: ***');
  });

  it('end', () => {
    expect(quotable('x'.repeat(10_000), 't').length).toBeLessThan(400);
  });
});
