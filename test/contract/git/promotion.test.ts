import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repository } from '../../../src/git/repository';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { providerOf } from '../../../src/providers/registry';
import { commitFiles, runGit } from '../../support/git-repository';
import { type GitHttpServer } from '../../support/git-http-server';
import {
  author,
  branches,
  cacheOptions,
  marked,
  promote,
  remoteAt,
  remoteOf,
  signal,
  serveRepository,
  type ServedRepository,
} from './fixtures';

let served: ServedRepository;
let server: GitHttpServer;
let directory: string;
let bare: string;
beforeEach(async () => {
  served = await serveRepository();
  ({ server, bare, directory } = served);
});
afterEach(() => served.close());

const visit = <T>(use: (repository: Repository) => Promise<T>): Promise<T> =>
  createRepositoryCache(cacheOptions(directory)).withRepository(remoteOf(server), branches, signal(), use);
const head = (branch: string) => runGit(bare, 'rev-parse', branch);

describe('a promotion', () => {
  test('goes from fetch to push without a checkout', async () => {
    const base = commitFiles(bare, 'main', {
      'apps/staging/app.yaml': marked('1.0.0'),
      'README.md': 'hello\n',
    });
    const pushed = await visit(async (repository) => {
      expect(repository.heads).toEqual({ base });
      const files = await repository.filesContaining(base, 'ns:app:staging');
      expect(files).toEqual([{ path: 'apps/staging/app.yaml', content: Buffer.from(marked('1.0.0')) }]);
      const commit = await repository.createCommit({
        parent: base,
        edits: [{ path: 'apps/staging/app.yaml', content: Buffer.from(marked('1.1.0')) }],
        message: 'Promote\n\nWindlass-Version: 1.1.0\n',
        author,
        at: Date.UTC(2026, 10, 23, 12),
      });
      expect(await repository.commit(commit.id)).toEqual(commit);
      expect(commit).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{40}$/),
        tree: expect.stringMatching(/^[0-9a-f]{40}$/),
        parents: [base],
        author: 'Windlass <windlass@example.com>',
        message: 'Promote\n\nWindlass-Version: 1.1.0\n',
      });
      await repository.push(commit.id, undefined);
      return commit.id;
    });
    expect(head(branches.promotion)).toBe(pushed);
    expect(runGit(bare, 'diff', '--numstat', base, pushed)).toBe('1\t1\tapps/staging/app.yaml');
    expect(runGit(bare, 'show', '--no-patch', '--format=%an %ae %aI %cn %cI', pushed)).toBe(
      'Windlass windlass@example.com 2026-11-23T12:00:00+00:00 Windlass 2026-11-23T12:00:00+00:00',
    );
    expect(runGit(bare, 'fsck', '--strict')).toBe('');
  });

  test('makes the same commit from the same input in any cache', async () => {
    commitFiles(bare, 'main', { 'a/b/c/app.yaml': marked('1.0.0') });
    const make = () => visit((repository) => promote(repository, '1.1.0', { push: false }));
    const first = await make();
    rmSync(directory, { recursive: true });
    expect(await make()).toBe(first);
  });

  test('keeps file modes and everything beside the edited files', async () => {
    const files = { 'run.yaml': marked('1.0.0'), 'dir/x.yml': marked('1.0.0'), 'dir/y.txt': 'y' };
    const base = commitFiles(bare, 'main', files, { executable: ['run.yaml'], links: { link: 'run.yaml' } });
    const pushed = await visit((repository) => promote(repository, '2.0.0'));
    const modes = (commit: string) => runGit(bare, 'ls-tree', '-r', '--format=%(objectmode) %(path)', commit);
    expect(modes(pushed)).toBe(modes(base));
    expect(modes(pushed)).toContain('100755 run.yaml');
    expect(runGit(bare, 'diff', '--name-only', base, pushed).split('\n')).toEqual(['dir/x.yml', 'run.yaml']);
  });

  test('asks only where the branches are, once everything is cached', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    server.requests.length = 0;
    await visit(async (repository) => {
      expect(repository.heads.promotion).toBe(head(branches.promotion));
      await repository.filesContaining(repository.heads.promotion ?? '', 'ns:app:staging');
    });
    const services = server.requests.map(({ path }) => path.replace('/team/config.git/', ''));
    expect(services).toEqual(['info/refs?service=git-upload-pack', 'git-upload-pack']);
  });

  test('sees what was pushed since, on a base that was rewritten', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    const rewritten = commitFiles(bare, 'main', { 'other.yaml': marked('1.0.0') }, { orphan: true });
    await visit(async (repository) => {
      expect(repository.heads.base).toBe(rewritten);
      const files = await repository.filesContaining(rewritten, 'ns:app:staging');
      expect(files.map(({ path }) => path)).toEqual(['other.yaml']);
      await promote(repository, '1.2.0');
    });
    expect(runGit(bare, 'log', '--format=%s', branches.promotion).split('\n')).toHaveLength(2);
  });

  test('finds no promotion branch any more once somebody deleted it', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    runGit(bare, 'update-ref', '-d', `refs/heads/${branches.promotion}`);
    await visit(async (repository) => {
      expect(repository.heads.promotion).toBeUndefined();
      await promote(repository, '1.1.0');
    });
    expect(runGit(bare, 'show', `${branches.promotion}:app.yaml`)).toBe(marked('1.1.0').trim());
  });
});

describe('a push', () => {
  test('loses to one that came between', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    const losing = visit(async (repository) => {
      const commit = await promote(repository, '1.1.0', { push: false });
      commitFiles(bare, branches.promotion, { 'app.yaml': marked('9.9.9') }, { from: 'origin/main' });
      await repository.push(commit, undefined);
    });
    await expect(losing).rejects.toMatchObject({ code: 'lease-lost', retryable: true });
    expect(runGit(bare, 'show', `${branches.promotion}:app.yaml`)).toBe(marked('9.9.9').trim());
  });

  test('that a hook declines quotes the hook', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    writeFileSync(
      join(bare, 'hooks', 'pre-receive'),
      '#!/bin/sh\necho "Commits must name a ticket." >&2\nexit 1\n',
      {
        mode: 0o755,
      },
    );
    await expect(visit((repository) => promote(repository, '1.1.0'))).rejects.toMatchObject({
      code: 'push-rule',
      message: expect.stringContaining('Commits must name a ticket.'),
    });
  });

  test('takes the branch over with a lease on its present head', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    await visit((repository) => promote(repository, '1.2.0'));
    expect(runGit(bare, 'show', `${branches.promotion}:app.yaml`)).toBe(marked('1.2.0').trim());
  });
});

describe('commits ahead', () => {
  const ahead = () =>
    visit(async (repository) => (await repository.commitsAhead(10)).map(({ message }) => message.trim()));

  test('are none without a promotion branch, or when it was merged', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    expect(await ahead()).toEqual([]);
    await visit((repository) => promote(repository, '1.1.0'));
    runGit(bare, 'update-ref', 'refs/heads/main', `refs/heads/${branches.promotion}`);
    commitFiles(bare, 'main', { 'later.txt': 'x' });
    expect(await ahead()).toEqual([]);
  });

  test('are ours and the reviewer’s on top, newest first', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    commitFiles(bare, branches.promotion, { 'note.txt': 'reviewed' });
    expect(await ahead()).toEqual([`Change ${branches.promotion}`, 'Promote 1.1.0']);
  });

  test('stay the same when the base has moved on, near or far', async () => {
    for (let n = 0; n < 3; n += 1) commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0'), n: String(n) });
    await visit((repository) => promote(repository, '1.1.0'));
    commitFiles(bare, 'main', { 'near.txt': 'x' });
    expect(await ahead()).toEqual(['Promote 1.1.0']);
    let tip = head('main');
    for (let n = 0; n < 40; n += 1)
      tip = runGit(bare, 'commit-tree', '-p', tip, '-m', `far ${n}`, `${tip}^{tree}`);
    runGit(bare, 'update-ref', 'refs/heads/main', tip);
    expect(await ahead()).toEqual(['Promote 1.1.0']);
  });

  test('are known without another fetch when the base has moved on a little', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    commitFiles(bare, 'main', { 'later.txt': 'x' });
    server.requests.length = 0;
    expect(await ahead()).toEqual(['Promote 1.1.0']);
    const conversations = server.requests.filter(({ method }) => method === 'GET');
    expect(conversations).toHaveLength(2);
  });

  test('include the merge of a reviewer who brought the branch up to date', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    const ours = await visit((repository) => promote(repository, '1.1.0'));
    const base = commitFiles(bare, 'main', { 'later.txt': 'x' });
    const merge = runGit(
      bare,
      'commit-tree',
      '-p',
      ours,
      '-p',
      base,
      '-m',
      'Update branch',
      `${ours}^{tree}`,
    );
    runGit(bare, 'update-ref', `refs/heads/${branches.promotion}`, merge);
    expect(await ahead()).toEqual(['Update branch', 'Promote 1.1.0']);
  });

  test('are at most as many as asked for', async () => {
    commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    await visit((repository) => promote(repository, '1.1.0'));
    commitFiles(bare, branches.promotion, { 'note.txt': 'one' });
    expect(await visit((repository) => repository.commitsAhead(1))).toHaveLength(1);
  });
});

describe('the remote', () => {
  test('without the base branch is told apart from one without the repository', async () => {
    await expect(visit(() => Promise.resolve())).rejects.toMatchObject({ code: 'base-branch-not-found' });
    rmSync(bare, { recursive: true });
    await expect(visit(() => Promise.resolve())).rejects.toMatchObject({ code: 'repository-not-found' });
  });

  test.each([
    [403, 'forbidden'],
    [429, 'rate-limited'],
    [503, 'provider-unavailable'],
    [301, 'repository-not-found'],
  ])('that answers %d is %s', async (status, code) => {
    server.intercept = (_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
      return true;
    };
    await expect(visit(() => Promise.resolve())).rejects.toMatchObject({ code });
  });

  test('of a GitLab that redirects to .git is fetched from there, and no redirect is followed', async () => {
    server.intercept = (request, response) => {
      if (request.url?.includes('/config.git/') === true) return false;
      response.writeHead(301, { location: `${server.url}/team/config.git/info/refs` }).end();
      return true;
    };
    const base = commitFiles(bare, 'main', { 'app.yaml': marked('1.0.0') });
    const written = remoteAt(`${server.url}/team/config`);
    const cache = createRepositoryCache(cacheOptions(directory));
    const heads = (url = written.url) =>
      cache.withRepository({ ...written, url }, branches, signal(), (repository) =>
        Promise.resolve(repository.heads.base),
      );
    await expect(heads()).rejects.toMatchObject({ code: 'repository-not-found' });
    expect(await heads(providerOf('gitlab').gitUrlFor?.(written.url))).toBe(base);
  });

  test('that is not there is a network failure', async () => {
    const gone = remoteOf(server);
    await server.close();
    const cache = createRepositoryCache(cacheOptions(directory));
    await expect(
      cache.withRepository(gone, branches, signal(), () => Promise.resolve()),
    ).rejects.toMatchObject({
      code: 'network',
    });
  });

  test('is never asked about a branch whose name is none', async () => {
    const cache = createRepositoryCache(cacheOptions(directory));
    const attack = { ...branches, base: `--upload-pack=touch ${directory}/owned` };
    await expect(
      cache.withRepository(remoteOf(server), attack, signal(), () => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'invalid-pipeline' });
    expect(server.requests).toEqual([]);
    expect(existsSync(join(directory, 'owned'))).toBe(false);
  });
});
