import { createCredentialSource, type LoginWays } from '../../../src/store/credential-source';
import { failureOf } from '../../support/classified-failure';
import { memoryStore } from '../../support/memory-store';

const reference = { namespace: 'team', secretName: 'git', provider: 'github', hosts: [] } as const;
const ways: LoginWays = {
  gitAccess: (type, { token }) => ({ basic: { username: `user-of-${type}`, password: token } }),
  exchangedToken: (_reference, { app }) =>
    Promise.resolve(app && { token: 'exchanged', forget: () => undefined }),
};
const read = (secret: Readonly<Record<string, string>>) =>
  createCredentialSource(memoryStore([], { 'team/git': secret }), ways)(reference);

describe('the credentials that a reference stands for', () => {
  it('are those of the Secret', async () => {
    expect(await read({ token: 't', username: 'bot', password: 'p' })).toMatchObject({
      token: 't',
      basic: { username: 'bot', password: 'p' },
    });
  });

  it("let the token serve for Git, with the provider's user name", async () => {
    expect((await read({ token: 't' })).basic).toEqual({ username: 'user-of-github', password: 't' });
  });

  it('have a token that was obtained with what stands in its place', async () => {
    expect(await read({ app: '7' })).toMatchObject({
      token: 'exchanged',
      basic: { username: 'user-of-github', password: 'exchanged' },
    });
    expect((await read({ app: '7', token: 't' })).token).toBe('t');
  });

  it('are counted by what the token was obtained with, and by nothing else in the Secret', async () => {
    const appOf = { app: '7', githubAppID: '1', githubAppPrivateKey: 'k', githubAppInstallationID: '2' };
    const accountOf = async (more: Record<string, string>): Promise<string | undefined> =>
      (await read({ ...appOf, ...more })).account;
    const account = await accountOf({});
    expect(account).toBeDefined();
    expect(await accountOf({ 'hmac-key': 'h', 'webhook-secret': 's', githubAppID: '1\n' })).toBe(account);
    for (const other of [{ githubAppInstallationID: '3' }, { githubAppBaseURL: 'https://git.example.com' }])
      expect(await accountOf(other)).not.toBe(account);
    expect((await read({ ...appOf, token: 't' })).account).toBeUndefined();
  });

  it('leave Git its bearer token', async () => {
    expect((await read({ token: 't', bearerToken: 'b' })).basic).toBeUndefined();
  });

  it('are read again each time', async () => {
    const secret = { token: new TextEncoder().encode('old') };
    const source = createCredentialSource({ secret: () => Promise.resolve(secret) }, ways);
    expect((await source(reference)).token).toBe('old');
    secret.token = new TextEncoder().encode('new');
    expect((await source(reference)).token).toBe('new');
  });

  it('lack a token', async () => {
    const failure = await failureOf(read({ username: 'bot', password: 'p' }));
    expect(failure.code).toBe('credentials-missing');
    expect(failure.message).toContain("The Secret team/git has no token for the provider's API.");
  });

  it.each([
    ['ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]', 'is encrypted by SOPS: decrypt it first.'],
    ['${GIT_TOKEN}', 'holds an unsubstituted variable: put the value in its place.'],
  ])('have no token in %s', async (token, reason) => {
    const failure = await failureOf(read({ token }));
    expect(failure.code).toBe('credentials-missing');
    expect(failure.message).toContain(`The token of the Secret team/git ${reason}`);
  });

  it('are not there at all', async () => {
    const source = createCredentialSource(memoryStore([]), ways);
    const failure = await failureOf(source(reference));
    expect(failure.code).toBe('credentials-missing');
    expect(failure.message).toContain('There is no Secret team/git.');
  });
});
