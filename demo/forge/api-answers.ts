import { type HostedRepository } from './hosted-repository';
import { type CommentRecord, type PullRequestRecord } from './pull-request-record';
import { defaultBranch } from './bare-repository';

/** The format of the answers, as in GitHub's OpenAPI description: the fields that a client of pull requests uses. */
type Json = Readonly<Record<string, unknown>>;

function simpleUser(forgeUrl: string, login: string): Json {
  return {
    login,
    id: 1,
    node_id: 'U_1',
    url: `${forgeUrl}/api/v3/users/${login}`,
    html_url: `${forgeUrl}/${login}`,
    type: 'User',
    site_admin: false,
  };
}

/** The owner of the token. */
const tokenOwner = 'windlass-bot';

export function repositoryAnswer(forgeUrl: string, repository: HostedRepository): Json {
  const { owner, name, fullName } = repository;
  return {
    id: 1,
    name,
    full_name: fullName,
    private: true,
    owner: simpleUser(forgeUrl, owner),
    html_url: `${forgeUrl}/${fullName}`,
    url: `${forgeUrl}/api/v3/repos/${fullName}`,
    clone_url: `${forgeUrl}/${fullName}.git`,
    default_branch: defaultBranch,
    archived: false,
    disabled: false,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  };
}

/** The format in lists. */
export function simplePullRequestAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  record: PullRequestRecord,
): Json {
  const api = `${forgeUrl}/api/v3/repos/${repository.fullName}`;
  const page = `${forgeUrl}/${repository.fullName}/pull/${record.number}`;
  const end = (ref: string, sha: string): Json => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: simpleUser(forgeUrl, repository.owner),
    repo: repositoryAnswer(forgeUrl, repository),
  });
  return {
    url: `${api}/pulls/${record.number}`,
    id: record.number,
    node_id: `PR_${record.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    issue_url: `${api}/issues/${record.number}`,
    comments_url: `${api}/issues/${record.number}/comments`,
    number: record.number,
    state: record.state,
    locked: false,
    title: record.title,
    user: simpleUser(forgeUrl, tokenOwner),
    body: record.body === '' ? null : record.body,
    labels: [],
    assignees: [],
    requested_reviewers: [],
    draft: false,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    closed_at: record.closedAt ?? null,
    merged_at: record.merged ? (record.closedAt ?? null) : null,
    merge_commit_sha: record.mergeCommit ?? null,
    head: end(record.head, record.headSha),
    base: end(record.base, record.baseSha),
    author_association: 'COLLABORATOR',
  };
}

/** The format of a single pull request. */
export function pullRequestAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  record: PullRequestRecord,
): Json {
  return {
    ...simplePullRequestAnswer(forgeUrl, repository, record),
    merged: record.merged,
    mergeable: record.state === 'open' ? true : null,
    mergeable_state: record.state === 'open' ? 'clean' : 'unknown',
    merged_by: record.merged ? simpleUser(forgeUrl, tokenOwner) : null,
    comments: record.comments.length,
    maintainer_can_modify: false,
  };
}

export function commentAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  number: number,
  comment: CommentRecord,
): Json {
  return {
    id: comment.id,
    url: `${forgeUrl}/api/v3/repos/${repository.fullName}/issues/comments/${comment.id}`,
    html_url: `${forgeUrl}/${repository.fullName}/pull/${number}#comment-${comment.id}`,
    issue_url: `${forgeUrl}/api/v3/repos/${repository.fullName}/issues/${number}`,
    user: simpleUser(forgeUrl, tokenOwner),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: 'COLLABORATOR',
  };
}
