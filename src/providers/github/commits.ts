import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type RepositoryApi } from './repository-api';
import { commitsSchema } from './schema';

/** GitHub lists the oldest first, and at most 250. */
export function commitsOn({ route, name, client }: RepositoryApi): PullRequestProvider['commits'] {
  return async ({ number }, signal) => {
    const which = { ...name, pull_number: number, per_page: commitsPerPage };
    const request = route('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', which);
    const list = { request, schema: commitsSchema };
    const commits: PullRequestCommit[] = [];
    for await (const page of pagesOf(client, list, maxCommits / commitsPerPage, signal)) {
      for (const { sha, commit, author, committer } of page) {
        const accounts = [author?.login, committer?.login];
        const signed = [commit.author, commit.committer].flatMap((each) => [each?.name, each?.email]);
        commits.push(pullRequestCommit(sha, commit.message, [...accounts, ...signed]));
      }
    }
    return commits;
  };
}
