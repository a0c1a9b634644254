/** What takes too long one by one. */
import { gitClient } from './git-client';
import { type Gitea } from './client';

/**
 * Opens pull requests into `main` with a single push. They have no branches: https://docs.gitea.com/usage/agit
 */
export async function openManyPullRequests(gitea: Gitea, repository: string, count: number): Promise<void> {
  const url = urlOf(gitea, repository);
  const git = await gitClient();
  try {
    await git.succeed('fetch', '--quiet', url, 'main');
    const refs: string[] = [];
    for (let number = 1; number <= count; number++) {
      const commit = await git.succeed(
        'commit-tree',
        '-p',
        'FETCH_HEAD',
        '-m',
        `Promote ${number}`,
        'FETCH_HEAD^{tree}',
      );
      refs.push(`${commit}:refs/for/main/topic-${number}`);
    }
    await git.succeed('push', '--quiet', url, ...refs);
  } finally {
    await git.close();
  }
}

/** Pushes empty commits onto a branch at once. @returns the id of the last */
export async function pushCommits(
  gitea: Gitea,
  repository: string,
  branch: string,
  count: number,
): Promise<string> {
  const url = urlOf(gitea, repository);
  const git = await gitClient();
  try {
    await git.succeed('fetch', '--quiet', url, branch);
    let head = 'FETCH_HEAD';
    for (let number = 1; number <= count; number++) {
      head = await git.succeed('commit-tree', '-p', head, '-m', `Change ${number}`, 'FETCH_HEAD^{tree}');
    }
    await git.succeed('push', '--quiet', url, `${head}:refs/heads/${branch}`);
    return head;
  } finally {
    await git.close();
  }
}

function urlOf({ url, adminToken }: Gitea, repository: string): string {
  const { host } = new URL(url);
  return `http://git:${adminToken}@${host}/${repository}.git`;
}
