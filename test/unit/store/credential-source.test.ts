import { createCredentialSource, type LoginWays } from '../../../src/store/credential-source';
import { failureOf } from '../../support/classified-failure';
import { memoryStore } from '../../support/memory-store';

const reference = { namespace: 'team', secretName: 'git', provider: 'github', hosts: [] } as const;
const ways: LoginWays = {
  gitAccess: (type, { token }) => ({ basic: { username: `user-of-${type}`, password: token } }),
  exchangedToken: (_reference, { app }) => Promise.resolve(app && 'exchanged'),
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
