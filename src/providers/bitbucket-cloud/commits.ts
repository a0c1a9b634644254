import { type PullRequestCommit, type PullRequestProvider } from '../port';
import { commitsPerPage, maxCommits, pullRequestCommit } from '../pull-request-commit';
import { pagesOf } from '../rest/pages';
import { type RepositoryApi } from './repository-api';
import { type BitbucketSignature, commitsSchema } from './schema';

const people = ['author', 'committer'].flatMap((person) =>
  ['raw', 'user.nickname', 'user.display_name', 'user.account_id', 'user.uuid'].map(
    (field) => `${person}.${field}`,
  ),
);
const fields = ['hash', 'message', ...people].join(',');

/** Bitbucket lists the newest first. */
export function commitsOn({ client, list }: RepositoryApi): PullRequestProvider['commits'] {
  return async ({ number }, signal) => {
    const commits = { request: list(`pullrequests/${number}/commits`, { fields }), schema: commitsSchema };
    const newestFirst: PullRequestCommit[] = [];
    for await (const page of pagesOf(client, commits, maxCommits / commitsPerPage, signal)) {
      for (const { hash, message, author, committer } of page)
        newestFirst.push(pullRequestCommit(hash, message, [author, committer].flatMap(namesOf)));
    }
    return newestFirst.reverse();
  };
}

function namesOf(signature: BitbucketSignature): readonly (string | null | undefined)[] {
  const { user, raw } = signature ?? {};
  const accounts = [user?.nickname, user?.display_name, user?.account_id, user?.uuid];
  const written = /^([^<]*)<([^>]*)>/.exec(raw ?? '');
  return [...accounts, ...(written === null ? [raw] : written.slice(1))];
}
