import { type OwnGitea, startGitea } from '../support/gitea';

describe('a real Gitea', () => {
  let gitea: OwnGitea;
  beforeAll(async () => {
    gitea = await startGitea({ ssh: true });
    await gitea.createOrganization('acme');
    await gitea.createUser('windlass-bot');
    await gitea.createRepository('acme/apps', {
      files: { 'apps/shop.yaml': 'version: 1\n' },
      writers: ['windlass-bot'],
    });
  }, 120_000);
  afterAll(() => gitea.close());

  it('has repositories whose files change branch by branch', async () => {
    const id = await gitea.commit('acme/apps', 'promotion/x', { 'apps/shop.yaml': 'version: 2\n' });
    expect(await gitea.head('acme/apps', 'promotion/x')).toBe(id);
    expect(await gitea.read('acme/apps', 'apps/shop.yaml')).toBe('version: 1\n');
    expect(await gitea.read('acme/apps', 'apps/shop.yaml', 'promotion/x')).toBe('version: 2\n');
  });

  it('has tokens with scopes, until they are revoked, and keeps them when it starts again', async () => {
    const token = await gitea.createToken('windlass-bot', ['read:user']);
    const authorization = `token ${token}`;
    const statusOf = async (path: string) =>
      (await gitea.send({ method: 'GET', path, authorization })).status;
    await gitea.stop();
    await gitea.start();
    expect(await statusOf('user')).toBe(200);
    expect(await statusOf('repos/acme/apps')).toBe(403);
    await gitea.revokeTokens('windlass-bot');
    expect(await statusOf('user')).toBe(401);
  });

  it('says which key its SSH server has', async () => {
    expect(await gitea.knownHosts()).toMatch(/^\[127\.0\.0\.1\]:\d+ (ssh-\w+ [\w+/]+=*)/);
  });
});
