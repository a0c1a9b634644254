/** Git over ssh, on a real OpenSSH server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepositoryCache } from '../../src/git/cache/repository-cache';
import { branches, cacheOptions, marked, promote, remoteAt, signal } from '../contract/git/fixtures';
import { failureOf } from '../support/classified-failure';
import { commitFiles, runGit } from '../support/git-repository';
import { createSshKey, type SshKey, type SshServer, startSshServer } from '../support/ssh-server';

let server: SshServer;
let directory: string;
let bare: string;
let key: SshKey;
beforeEach(async () => {
  server = await startSshServer();
  directory = mkdtempSync(join(tmpdir(), 'ssh-'));
  bare = server.createRepository('team/config');
  commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
  key = createSshKey(directory, 'key');
  server.authorize(key);
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Login {
  readonly identity?: string;
  readonly knownHosts?: string;
  readonly passphrase?: string;
  readonly repository?: string;
}

/** Fetches and pushes. @returns the pushed commit */
function promoteWith(login: Login = {}): Promise<string> {
  const { repository = 'team/config', ...over } = login;
  const ssh = { identity: key.private, knownHosts: server.knownHosts(), ...over };
  const remote = remoteAt(server.urlOf(repository), { ssh });
  const cache = createRepositoryCache(cacheOptions(join(directory, 'cache')));
  return cache.withRepository(remote, branches, signal(), (each) => promote(each, '1.1.0'));
}
const pushed = (): string => runGit(bare, 'rev-parse', branches.promotion);

describe('Git over ssh', () => {
  test('fetches and pushes with the key of the Secret, and again with what is cached', async () => {
    expect(await promoteWith()).toBe(pushed());
    commitFiles(bare, 'main', { 'other.yaml': marked('1.0.0') });
    runGit(bare, 'branch', '-D', branches.promotion);
    expect(await promoteWith()).toBe(pushed());
  });

  test('decrypts a key with the passphrase of the Secret', async () => {
    key = createSshKey(directory, 'encrypted', 'open sesame');
    server.authorize(key);
    expect(await promoteWith({ passphrase: 'open sesame' })).toBe(pushed());
  });

  test.each([
    ['without its password', {}, 'credentials-missing', /no password to decrypt it/],
    ['with another password', { passphrase: 'wrong' }, 'bad-credentials', /password of the Secret/],
  ] as const)('refuses an encrypted key %s', async (_how, login, code, fault) => {
    key = createSshKey(directory, 'encrypted', 'open sesame');
    server.authorize(key);
    expect(await failureOf(promoteWith(login))).toMatchObject({ code, fault: expect.stringMatching(fault) });
  });

  test('trusts no host whose key the Secret does not have', async () => {
    const other = createSshKey(directory, 'other');
    expect(await failureOf(promoteWith({ knownHosts: `git.example.com ${other.public}\n` }))).toMatchObject({
      ...{ code: 'credentials-missing', retryable: false },
      fault: expect.stringContaining(
        '127.0.0.1 shows a host key that known_hosts of the Secret does not have',
      ),
    });
  });

  test('trusts no host that shows another key than before', async () => {
    const knownHosts = server.knownHosts();
    await server.changeHostKey();
    expect(await failureOf(promoteWith({ knownHosts }))).toMatchObject({
      ...{ code: 'bad-credentials', retryable: false },
      fault: expect.stringContaining('another host key than known_hosts'),
    });
    expect(await promoteWith()).toBe(pushed());
  });

  test.each([
    ['that the server does not know', () => createSshKey(directory, 'other').private, /refuses the SSH key/],
    ['that is broken', () => key.private.replace(/\n\w{40}/, '\n'), /cannot be read/],
    ['that is the public one', () => `${key.public}\n`, /not an SSH private key/],
  ])('refuses a key %s', async (_which, identity, fault) => {
    expect(await failureOf(promoteWith({ identity: identity() }))).toMatchObject({
      ...{ code: 'bad-credentials', retryable: false },
      fault: expect.stringMatching(fault),
    });
  });

  test('names a repository that is not there', async () => {
    expect(await failureOf(promoteWith({ repository: 'team/gone' }))).toMatchObject({
      ...{ code: 'repository-not-found', retryable: false },
    });
  });
});
