import { createHash } from 'node:crypto';
import { type HostedRepository } from './hosted-repository';
import { type CommentRecord, type PullRequestRecord } from './pull-request-record';
import { defaultBranch } from './bare-repository';

/** The format of the answers, as in GitHub's OpenAPI description: the fields that a client of pull requests uses. */
export type Json = Readonly<Record<string, unknown>>;

/** Of what was there before the forge. */
export const created = '2026-01-01T00:00:00Z';

export function userAnswer(forgeUrl: string, login: string): Json {
  return {
    login,
    id: createHash('sha256').update(login).digest().readUInt32BE(),
    node_id: `U_${login}`,
    url: `${forgeUrl}/api/v3/users/${login}`,
    html_url: `${forgeUrl}/${login}`,
    type: 'User',
    site_admin: false,
  };
}

/** The owner of the token. */
export const tokenOwner = 'windlass-bot';

export function tokenOwnerAnswer(forgeUrl: string): Json {
  return {
    ...userAnswer(forgeUrl, tokenOwner),
    ...{ name: null, email: null, created_at: created, updated_at: created },
  };
}

export function repositoryAnswer(forgeUrl: string, repository: HostedRepository): Json {
  const { owner, name, fullName } = repository;
  return {
    id: 1,
    node_id: `R_${fullName}`,
    name,
    full_name: fullName,
    description: null,
    private: true,
    owner: userAnswer(forgeUrl, owner),
    html_url: `${forgeUrl}/${fullName}`,
    url: `${forgeUrl}/api/v3/repos/${fullName}`,
    comments_url: `${forgeUrl}/api/v3/repos/${fullName}/comments{/number}`,
    clone_url: `${forgeUrl}/${fullName}.git`,
    default_branch: defaultBranch,
    archived: false,
    disabled: false,
    created_at: created,
    updated_at: created,
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
    user: userAnswer(forgeUrl, repository.owner),
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
    user: userAnswer(forgeUrl, tokenOwner),
    body: record.body === '' ? null : record.body,
    ...decorationAnswer(forgeUrl, repository, record),
    requested_reviewers: record.reviewers.map((login) => userAnswer(forgeUrl, login)),
    requested_teams: record.teams.map((slug) => teamAnswer(forgeUrl, repository, slug)),
    draft: record.draft,
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

function decorationAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  { labels, assignees }: PullRequestRecord,
): Json {
  return {
    labels: labels.map((label) => labelAnswer(forgeUrl, repository, label)),
    assignees: assignees.map((login) => userAnswer(forgeUrl, login)),
  };
}

export function labelAnswer(forgeUrl: string, { fullName }: HostedRepository, name: string): Json {
  return {
    id: 1,
    node_id: `LA_${name}`,
    url: `${forgeUrl}/api/v3/repos/${fullName}/labels/${encodeURIComponent(name)}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  };
}

function teamAnswer(forgeUrl: string, { owner }: HostedRepository, slug: string): Json {
  const url = `${forgeUrl}/api/v3/orgs/${owner}/teams/${slug}`;
  return {
    ...{ id: 1, node_id: `T_${slug}`, url, html_url: `${forgeUrl}/orgs/${owner}/teams/${slug}` },
    ...{ name: slug, slug, description: null, privacy: 'closed', permission: 'push', type: 'organization' },
  };
}

/** https://docs.github.com/rest/using-the-rest-api/issue-event-types#review_requested */
export function reviewRequestAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  number: number,
  index: number,
  asked: PullRequestRecord['reviewRequests'][number],
): Json {
  const id = number * 10_000 + index;
  return {
    id,
    node_id: `RRE_${id}`,
    url: `${forgeUrl}/api/v3/repos/${repository.fullName}/issues/events/${id}`,
    actor: userAnswer(forgeUrl, tokenOwner),
    event: 'review_requested',
    commit_id: null,
    commit_url: null,
    created_at: repository.pullRequest(number).createdAt,
    review_requester: userAnswer(forgeUrl, tokenOwner),
    ...('reviewer' in asked
      ? { requested_reviewer: userAnswer(forgeUrl, asked.reviewer) }
      : { requested_team: teamAnswer(forgeUrl, repository, asked.team) }),
  };
}

/** The format of a single pull request. */
export function pullRequestAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  record: PullRequestRecord,
  mergeable: boolean | undefined,
): Json {
  return {
    ...simplePullRequestAnswer(forgeUrl, repository, record),
    merged: record.merged,
    mergeable: mergeable ?? null,
    mergeable_state: mergeableState(repository, record, mergeable),
    merged_by: record.merged ? endedBy(forgeUrl, record) : null,
    comments: record.comments.length,
    maintainer_can_modify: false,
  };
}

/** https://docs.github.com/graphql/reference/enums#mergestatestatus */
function mergeableState(
  repository: HostedRepository,
  record: PullRequestRecord,
  mergeable: boolean | undefined,
): string {
  if (mergeable === undefined) return 'unknown';
  if (!mergeable) return 'dirty';
  if (record.draft) return 'draft';
  return repository.obstacle(record) === undefined ? 'clean' : 'blocked';
}

/** The pull request as an issue. */
export function issueAnswer(forgeUrl: string, repository: HostedRepository, record: PullRequestRecord): Json {
  const api = `${forgeUrl}/api/v3/repos/${repository.fullName}`;
  const page = `${forgeUrl}/${repository.fullName}/pull/${record.number}`;
  return {
    id: record.number,
    node_id: `PR_${record.number}`,
    url: `${api}/issues/${record.number}`,
    html_url: page,
    comments_url: `${api}/issues/${record.number}/comments`,
    number: record.number,
    state: record.state,
    locked: false,
    title: record.title,
    body: record.body === '' ? null : record.body,
    user: userAnswer(forgeUrl, tokenOwner),
    ...decorationAnswer(forgeUrl, repository, record),
    comments: record.comments.length,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    closed_at: record.closedAt ?? null,
    closed_by: record.state === 'closed' ? endedBy(forgeUrl, record) : null,
    pull_request: {
      ...{ url: `${api}/pulls/${record.number}`, html_url: page, diff_url: `${page}.diff` },
      merged_at: record.merged ? record.closedAt : null,
    },
  };
}

function endedBy(forgeUrl: string, { endedBy: login }: PullRequestRecord): Json | null {
  return login === undefined ? null : userAnswer(forgeUrl, login);
}

export function commentAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  number: number,
  comment: CommentRecord,
): Json {
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${forgeUrl}/api/v3/repos/${repository.fullName}/issues/comments/${comment.id}`,
    html_url: `${forgeUrl}/${repository.fullName}/pull/${number}#comment-${comment.id}`,
    issue_url: `${forgeUrl}/api/v3/repos/${repository.fullName}/issues/${number}`,
    user: userAnswer(forgeUrl, comment.author ?? tokenOwner),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: 'COLLABORATOR',
  };
}
