import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type ProjectApi } from './project-api';
import { commitsSchema } from './schema';

/** GitLab lists the newest first, and does not say whose accounts the addresses are. */
export function commitsOn({ client, get }: ProjectApi): PullRequestProvider['commits'] {
  return async ({ number }, signal) => {
    const request = get(`merge_requests/${number}/commits`, { per_page: String(commitsPerPage) });
    const list = { request, schema: commitsSchema };
    const newestFirst: PullRequestCommit[] = [];
    for await (const page of pagesOf(client, list, maxCommits / commitsPerPage, signal)) {
      for (const { id, message, ...by } of page) {
        const names = [by.author_name, by.author_email, by.committer_name, by.committer_email];
        newestFirst.push(pullRequestCommit(id, message, names));
      }
    }
    return newestFirst.reverse();
  };
}
