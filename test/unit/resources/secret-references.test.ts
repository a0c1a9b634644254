import { type SecretData } from '../../../src/domain/credentials';
import { keyFault, misspeltKey } from '../../../src/resources/secret-references';

const data = (values: Readonly<Record<string, string>>): SecretData =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));
const token = (provider: 'github' | 'gitlab') => ({ name: 'git', key: 'token', provider }) as const;
const app = { githubAppID: '1', githubAppPrivateKey: 'key', githubAppInstallationID: '2' };

describe('a Secret in which the token is looked for', () => {
  it.each([
    ['a token', { token: 't' }],
    ["a GitHub App's key and the number of its installation", app],
    ["the installation's owner", { ...app, githubAppInstallationID: '', githubAppInstallationOwner: 'acme' }],
    ['a token beside half of an App', { token: 't', githubAppID: '1' }],
  ])('serves with %s', (_what, values) => {
    expect(keyFault(data(values), token('github'))).toBeUndefined();
  });

  it.each([
    ['nothing', {}, { key: 'token', fault: 'missing' }],
    ['a user', { username: 'bot', password: 'p' }, { key: 'token', fault: 'missing' }],
    ['no key', { ...app, githubAppPrivateKey: ' ' }, { key: 'githubAppPrivateKey', fault: 'missing' }],
    ['no App', { ...app, githubAppID: '' }, { key: 'githubAppID', fault: 'missing' }],
    ['a variable', { ...app, githubAppID: '${APP_ID}' }, { key: 'githubAppID', fault: 'unsubstituted' }],
  ])('does not serve with %s, and says what it lacks', (_what, values, fault) => {
    expect(keyFault(data(values), token('github'))).toEqual(fault);
  });

  it("does not serve another service with a GitHub App's key", () => {
    expect(keyFault(data(app), token('gitlab'))).toEqual({ key: 'token', fault: 'missing' });
  });

  it('has a misspelt key of an App', () => {
    expect(misspeltKey(data({ ...app, githubAppInstallationId: '2' }), 'githubAppInstallationID')).toBe(
      'githubAppInstallationId',
    );
  });
});
