import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Gitea } from './index';

/**
 * Opens pull requests into `main` with a single push, which is many times faster than one by one. They have no branches.
 * https://docs.gitea.com/usage/agit
 */
export async function openManyPullRequests(gitea: Gitea, repository: string, count: number): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-many-'));
  const url = new URL(`${gitea.url}/${repository}.git`);
  url.username = 'git';
  url.password = gitea.adminToken;
  const person = { name: 'Many', email: 'many@example.com' };
  const env = {
    ...process.env,
    ...{ GIT_AUTHOR_NAME: person.name, GIT_AUTHOR_EMAIL: person.email },
    ...{ GIT_COMMITTER_NAME: person.name, GIT_COMMITTER_EMAIL: person.email },
  };
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: directory, env })).stdout.trim();
  try {
    await git('init', '--quiet', '--bare');
    await git('fetch', '--quiet', url.href, 'main:main');
    const tree = await git('rev-parse', 'main^{tree}');
    const refs: string[] = [];
    for (let number = 1; number <= count; number++) {
      const commit = await git('commit-tree', '-p', 'main', '-m', `Promote ${number}`, tree);
      refs.push(`${commit}:refs/for/main/topic-${number}`);
    }
    await git('push', '--quiet', url.href, ...refs);
  } finally {
    await rm(directory, { recursive: true });
  }
}
