import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WindlassError } from '../../../src/domain/errors';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { runGit } from '../../support/git-repository';
import { type GitHttpServer, startGitHttpServer } from '../../support/git-http-server';
import {
  branches,
  cacheOptions,
  marked,
  promote,
  remoteAt,
  remoteOf,
  signal,
  token,
  serveRepository,
  type ServedRepository,
} from './fixtures';

let served: ServedRepository;
let server: GitHttpServer;
let directory: string;
let bare: string;
beforeEach(async () => {
  served = await serveRepository({ 'app.yaml': marked('1.0.0') });
  ({ server, bare, directory } = served);
});
afterEach(() => served.close());

const { password } = token.basic;
const forms = [password, token.authorization.replace('Basic ', '')];

/** Everything below a directory, in one text. */
function contentOf(root: string): string {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .map((path) => `${path}\n${statSync(path).isFile() ? readFileSync(path, 'latin1') : ''}`)
    .join('\n');
}

function expectNoSecret(text: string): void {
  for (const form of forms) expect(text).not.toContain(form);
}

describe('a credential', () => {
  test('is in no argument list, while git talks to the remote', async () => {
    const seen: string[] = [];
    server.intercept = () => {
      seen.push(execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }));
      return false;
    };
    await createRepositoryCache(cacheOptions(directory)).withRepository(
      remoteOf(server),
      branches,
      signal(),
      (repository) => promote(repository, '1.1.0'),
    );
    expect(seen.join('\n')).toContain(`git push --porcelain`);
    expectNoSecret(seen.join('\n'));
  });

  test('is nowhere in the cache, neither during nor after a promotion', async () => {
    await createRepositoryCache(cacheOptions(directory)).withRepository(
      remoteOf(server),
      branches,
      signal(),
      async (repository) => {
        await promote(repository, '1.1.0');
        expectNoSecret(contentOf(directory));
      },
    );
    expect(contentOf(directory)).toContain('[core]');
    expectNoSecret(contentOf(directory));
  });

  test('is in no error, though the remote says it aloud', async () => {
    server.intercept = (request, response) => {
      response
        .writeHead(403, { 'content-type': 'text/plain' })
        .end(`no: ${request.headers.authorization ?? ''} ${password}\n`);
      return true;
    };
    const failure: unknown = await createRepositoryCache(cacheOptions(directory))
      .withRepository(remoteOf(server), branches, signal(), () => Promise.resolve())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'forbidden', message: expect.stringContaining('no: Basic ***') });
    expectNoSecret(JSON.stringify(failure) + String((failure as Error).stack));
  });

  test('is not sent on to where a server redirects', async () => {
    const elsewhere = await startGitHttpServer();
    server.intercept = (request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}${request.url ?? ''}` }).end();
      return true;
    };
    await expect(
      createRepositoryCache(cacheOptions(directory)).withRepository(
        remoteOf(server),
        branches,
        signal(),
        () => Promise.resolve(),
      ),
    ).rejects.toMatchObject({ code: 'repository-not-found' });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  test('never leaves for a forbidden host', async () => {
    const cache = createRepositoryCache({
      ...cacheOptions(directory),
      addressesOf: (host) => Promise.reject(new WindlassError('host-not-allowed', `${host} is forbidden.`)),
    });
    await expect(
      cache.withRepository(remoteOf(server), branches, signal(), () => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'host-not-allowed' });
    expect(server.requests).toEqual([]);
  });
});

test('git connects to the address that was checked, whatever the name resolves to a moment later', async () => {
  const cache = createRepositoryCache({
    ...cacheOptions(directory),
    allowPlainHttp: true,
    addressesOf: () => Promise.resolve(['127.0.0.1']),
  });
  const { port } = new URL(server.url);
  const remote = remoteAt(`http://git.rebound.invalid:${port}/team/config.git`);
  await cache.withRepository(remote, branches, signal(), () => Promise.resolve());
  expect(server.requests.length).toBeGreaterThan(0);
});

describe('over ssh', () => {
  const identity = '-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----\n';
  const knownHosts = 'git.example.com ssh-ed25519 AAAA\n';

  test('a promotion offers the key of the Secret, from a file that is gone afterwards', async () => {
    // Stands in for ssh: notes how it was called, and runs the remote's command on this machine.
    const bin = join(directory, 'bin');
    mkdirSync(bin);
    const log = join(directory, 'log');
    writeFileSync(
      join(bin, 'ssh'),
      `#!/bin/sh
for argument; do
  case $argument in IdentityFile=*) identity=\${argument#*=} ;; esac
  command=$argument
done
{ echo "arguments: $*"; echo "mode: $(stat -c %a "$identity" "\${identity%/*}" | tr '\\n' ' ')"; cat "$identity"
  echo "passphrase: $("$SSH_ASKPASS" 'Enter passphrase:')"; echo "identity: $identity"; } >> ${log}
exec sh -c "$command"
`,
      { mode: 0o755 },
    );
    const cache = createRepositoryCache({
      ...cacheOptions(join(directory, 'cache')),
      environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    });
    const remote = remoteAt(`ssh://git@git.example.com${bare}`, {
      ssh: { identity, knownHosts, passphrase: 'open sesame' },
    });
    const pushed = await cache.withRepository(remote, branches, signal(), (repository) =>
      promote(repository, '1.1.0'),
    );
    expect(runGit(bare, 'rev-parse', branches.promotion)).toBe(pushed);
    const calls = readFileSync(log, 'utf8');
    expect(calls).toContain('mode: 600 700');
    expect(calls).toContain(identity);
    expect(calls).toContain('passphrase: open sesame');
    expect(calls).toMatch(/arguments: .*StrictHostKeyChecking=yes .* git@git\.example\.com git-receive-pack/);
    expect(calls).not.toMatch(/arguments: .*sesame/);
    const file = /^identity: (.+)$/m.exec(calls)?.[1] ?? '';
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(contentOf(join(directory, 'cache'))).not.toMatch(/canary|sesame/);
  });
});
