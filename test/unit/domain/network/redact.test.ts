import { redact, redactAddress, redactUrlCredentials } from '../../../../src/domain/network/redact';

describe('text from a remote', () => {
  test('loses every secret, plain and as it stands in a URL', () => {
    expect(redact('bad token p@ss/word in p%40ss%2Fword', ['p@ss/word'])).toBe('bad token *** in ***');
  });

  test('loses credentials in URLs that nobody told us of', () => {
    expect(redact("unable to access 'https://bot:hunter2@git.example.com/x'", [])).toBe(
      "unable to access 'https://***@git.example.com/x'",
    );
  });

  test.each(['https://bot:p@ss@host/x', "https://bot:it's me@host/x", '//bot:canary@host/x'])(
    'loses all of a password, whatever is in it: %s',
    (text) => {
      expect(redactUrlCredentials(text)).toMatch(/^(https:)?\/\/\*\*\*@host\/x$/);
    },
  );

  test.each([
    ['bot:canary@host:7233', '***@host:7233'],
    ['https://bot:can@ary@host/x', 'https://***@host/x'],
    ['https://host/x?token=canary#canary', 'https://host/x?***'],
    ['host:7233', 'host:7233'],
  ])('loses what may be secret in an address: %s', (text, shown) => {
    expect(redactAddress(text)).toBe(shown);
  });

  test('is one bounded line without control characters', () => {
    const clean = redact(`a\u001b[31m\nb${'x'.repeat(1000)}`, []);
    expect(clean).toMatch(/^a \[31m bx+…$/);
    expect(clean).toHaveLength(301);
  });
});
