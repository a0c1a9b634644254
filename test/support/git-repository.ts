/** Builds and reads real repositories in tests, as a person with a clone would. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  // A collection in the background would still write while the clone is deleted.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

export function runGit(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString('utf8')
    .trim();
}

export type Files = Readonly<Record<string, string | Buffer>>;

export interface CommitOptions {
  /** Where to start instead of the branch itself. */
  readonly from?: string;
  /** Without any parent. */
  readonly orphan?: boolean;
  readonly remove?: readonly string[];
  /** Of the files, those with mode 100755. */
  readonly executable?: readonly string[];
  /** Symbolic links by path. */
  readonly links?: Readonly<Record<string, string>>;
}

/** Writes files over those of a branch of a bare repository and pushes the commit; the branch is made when absent. */
export function commitFiles(bare: string, branch: string, files: Files, options: CommitOptions = {}): string {
  const clone = mkdtempSync(join(tmpdir(), 'git-repository-'));
  try {
    const format = runGit(bare, 'rev-parse', '--show-object-format');
    runGit(clone, 'init', '--quiet', `--object-format=${format}`);
    runGit(clone, 'remote', 'add', 'origin', bare);
    runGit(clone, 'fetch', '--quiet', 'origin');
    const start = options.from ?? `origin/${branch}`;
    if (options.orphan === true) runGit(clone, 'checkout', '--quiet', '--orphan', 'work');
    else if (hasRevision(clone, start)) runGit(clone, 'checkout', '--quiet', '-b', 'work', start);
    else runGit(clone, 'checkout', '--quiet', '-B', 'work');
    for (const path of options.remove ?? []) rmSync(join(clone, path));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), content, { mode: options.executable?.includes(path) ? 0o755 : 0o644 });
    }
    for (const [path, target] of Object.entries(options.links ?? {})) {
      rmSync(join(clone, path), { force: true });
      symlinkSync(target, join(clone, path));
    }
    runGit(clone, 'add', '--all');
    runGit(clone, 'commit', '--quiet', '--allow-empty', '-m', `Change ${branch}`);
    runGit(clone, 'push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
    return runGit(clone, 'rev-parse', 'HEAD');
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

function hasRevision(clone: string, revision: string): boolean {
  try {
    runGit(clone, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
    return true;
  } catch {
    return false;
  }
}
