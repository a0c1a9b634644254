import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type RepositoryApi } from './repository-api';
import { type AzureCommit, commitSchema, commitsSchema } from './schema';

/** Azure DevOps lists the newest first, with the beginning of each message. */
export function commitsOn(api: RepositoryApi): PullRequestProvider['commits'] {
  const { client, git } = api;
  return async ({ number }, signal) => {
    const request = git('GET', `pullRequests/${number}/commits`, { $top: commitsPerPage });
    const list = { request, schema: commitsSchema };
    const newestFirst: PullRequestCommit[] = [];
    for await (const page of pagesOf(client, list, maxCommits / commitsPerPage, signal)) {
      for (const listed of page) newestFirst.push(commitOf(await whole(api, listed, signal)));
    }
    return newestFirst.reverse();
  };
}

async function whole(
  { client, git }: RepositoryApi,
  listed: AzureCommit,
  signal: AbortSignal,
): Promise<AzureCommit> {
  if (listed.commentTruncated !== true) return listed;
  return client.request(commitSchema, git('GET', `commits/${listed.commitId}`), signal);
}

function commitOf({ commitId, comment, author, committer }: AzureCommit): PullRequestCommit {
  const names = [author, committer].flatMap((each) => [each?.name, each?.email]);
  return pullRequestCommit(commitId, comment ?? '', names);
}
