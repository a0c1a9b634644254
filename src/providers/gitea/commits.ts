import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type RepositoryApi } from './repository-api';
import { commitsSchema } from './schema';

/** Gitea lists the newest first, and of an account that it knows by the address in the commit gives the name. */
export function commitsOn({ client, list }: RepositoryApi): PullRequestProvider['commits'] {
  return async ({ number }, signal) => {
    const brief = { files: 'false', verification: 'false' };
    const request = list(`pulls/${number}/commits`, brief);
    const newestFirst: PullRequestCommit[] = [];
    const pages = pagesOf(client, { request, schema: commitsSchema }, maxCommits / commitsPerPage, signal);
    for await (const page of pages) {
      for (const { sha, commit, author, committer } of page) {
        const written = [commit.author, commit.committer].flatMap((each) => [each?.name, each?.email]);
        const names = [author?.login, committer?.login, ...written];
        newestFirst.push(pullRequestCommit(sha, commit.message, names));
      }
    }
    return newestFirst.reverse();
  };
}
