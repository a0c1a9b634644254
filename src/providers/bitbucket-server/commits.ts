import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type RepositoryApi } from './repository-api';
import { commitsSchema } from './schema';

/** Bitbucket lists the newest first. */
export function commitsOn({ client, route }: RepositoryApi): PullRequestProvider['commits'] {
  return async ({ number }, signal) => {
    const query = { limit: String(commitsPerPage) };
    const list = {
      request: route('GET', `pull-requests/${number}/commits`, { query }),
      schema: commitsSchema,
    };
    const newestFirst: PullRequestCommit[] = [];
    for await (const page of pagesOf(client, list, maxCommits / commitsPerPage, signal)) {
      for (const { id, message, author, committer } of page) {
        const names = [author, committer].flatMap((by) => [by?.name, by?.displayName, by?.emailAddress]);
        newestFirst.push(pullRequestCommit(id, message, names));
      }
    }
    return newestFirst.reverse();
  };
}
