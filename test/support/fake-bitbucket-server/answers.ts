/** Bitbucket's JSON, with the fields that a client of pull requests uses. */
import { createHash } from 'node:crypto';
import { type GitCommit } from '../../../demo/forge/bare-repository';
import {
  type ActivityRecord,
  type BitbucketRepository,
  type CommentRecord,
  type PullRequestRecord,
  tokenUser,
} from './model';

type Json = Readonly<Record<string, unknown>>;

export function userAnswer(name: string): Json {
  const id = createHash('sha1').update(name).digest().readUInt16BE();
  const texts = { name, slug: name, displayName: name, emailAddress: `${name}@example.com` };
  return { ...texts, id, active: true, type: 'NORMAL' };
}

function refAnswer(
  { project, slug }: BitbucketRepository,
  branch: string,
  commit: string,
  fork?: string,
): Json {
  const type = project.startsWith('~') ? 'PERSONAL' : 'NORMAL';
  return {
    id: `refs/heads/${branch}`,
    displayId: branch,
    latestCommit: commit,
    type: 'BRANCH',
    repository: { slug, name: slug, scmId: 'git', project: { key: fork ?? project, type } },
  };
}

export function pullRequestAnswer(
  url: string,
  repository: BitbucketRepository,
  record: PullRequestRecord,
): Json {
  const { project, slug } = repository;
  const { id, version, title, description, state, draft, createdDate, updatedDate, closedDate } = record;
  const role = (name: string, role: string): Json => ({
    ...{ user: userAnswer(name), role, approved: false, status: 'UNAPPROVED' },
  });
  return {
    ...{ id, version, title, state, draft, createdDate, updatedDate, locked: false, participants: [] },
    ...(description === '' ? {} : { description }),
    ...(closedDate === undefined ? {} : { closedDate }),
    open: state === 'OPEN',
    closed: state !== 'OPEN',
    fromRef: refAnswer(repository, record.from, record.fromCommit, record.fork),
    toRef: refAnswer(repository, record.to, repository.head(record.to)),
    author: role(tokenUser, 'AUTHOR'),
    reviewers: record.reviewers.map((name) => role(name, 'REVIEWER')),
    links: { self: [{ href: `${url}/projects/${project}/repos/${slug}/pull-requests/${id}` }] },
  };
}

export function commentAnswer({ id, version, text, author }: CommentRecord): Json {
  const own = author === tokenUser;
  return {
    ...{ id, version, text, author: userAnswer(author), severity: 'NORMAL', state: 'OPEN', comments: [] },
    permittedOperations: { editable: own, deletable: own, transitionable: true },
  };
}

export function activityAnswer({ id, action, user, createdDate, comment }: ActivityRecord): Json {
  const activity = { id, action, createdDate, user: userAnswer(user) };
  return comment === undefined
    ? activity
    : { ...activity, commentAction: 'ADDED', comment: commentAnswer(comment) };
}

export function commitAnswer({ id, message, author, committer }: GitCommit): Json {
  const person = ({ name, email }: GitCommit['author']): Json => ({ name, emailAddress: email });
  return {
    ...{ id, displayId: id.slice(0, 11), message, author: person(author), committer: person(committer) },
    parents: [],
  };
}

/** https://developer.atlassian.com/server/bitbucket/rest/v906/intro/#paged-apis; never more than `most` at once. */
export function pageAnswer(
  items: readonly unknown[],
  { start, limit }: { readonly start: number; readonly limit: number },
  most = 100,
): Json {
  const size = Math.min(limit, most);
  const values = items.slice(start, start + size);
  const isLastPage = start + size >= items.length;
  const page = { size: values.length, limit: size, start, isLastPage, values };
  return { ...page, nextPageStart: isLastPage ? null : start + size };
}
