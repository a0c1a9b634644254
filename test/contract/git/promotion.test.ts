import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepositoryCache } from '../../../src/git/repository-cache';
import { commitFiles, runGit } from '../../support/git-repository';
import { type GitHttpServer, startGitHttpServer } from '../../support/git-http-server';
import { branches, cacheOptions, remoteOf, signal, token } from './fixtures';

const manifest = 'version: 1.0.0 # {"$promotion": "ns:app:staging"}\n';
const author = { name: 'Windlass', email: 'windlass@example.com' };
const at = Date.UTC(2026, 10, 23, 12);

let server: GitHttpServer;
let directory: string;
let bare: string;
beforeEach(async () => {
  server = await startGitHttpServer();
  server.accepted.add(token.authorization);
  bare = server.createRepository('team/config');
  directory = mkdtempSync(join(tmpdir(), 'repository-cache-'));
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const cache = () => createRepositoryCache(cacheOptions(directory));

describe('a promotion', () => {
  test('goes from fetch to push without a checkout', async () => {
    const base = commitFiles(bare, 'main', { 'apps/staging/app.yaml': manifest, 'README.md': 'hello\n' });
    const pushed = await cache().withRepository(remoteOf(server), branches, signal(), async (repository) => {
      expect(repository.heads).toEqual({ base });
      const files = await repository.filesContaining(base, 'ns:app:staging');
      expect(files).toEqual([{ path: 'apps/staging/app.yaml', content: Buffer.from(manifest) }]);
      const edits = [
        { path: 'apps/staging/app.yaml', content: Buffer.from(manifest.replace('1.0.0', '1.1.0')) },
      ];
      const commit = await repository.createCommit({ parent: base, edits, message: 'Promote\n', author, at });
      await repository.push(commit, undefined);
      return commit;
    });
    expect(runGit(bare, 'rev-parse', branches.promotion)).toBe(pushed);
    expect(runGit(bare, 'diff', '--stat', `${base}..${pushed}`)).toContain('apps/staging/app.yaml | 2 +-');
    expect(runGit(bare, 'show', `${pushed}:apps/staging/app.yaml`)).toContain('version: 1.1.0');
    runGit(bare, 'fsck', '--strict');
  });
});
