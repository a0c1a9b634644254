/** The service's JSON, with the fields that a client of pull requests uses. */
import { type Response } from 'express';
import {
  type CommentRecord,
  type CommitRecord,
  guidOf,
  type PullRequestRecord,
  type Repository,
  type StatusRecord,
  type ThreadRecord,
} from './model';

type Json = Readonly<Record<string, unknown>>;

export function identityAnswer(name: string): Json {
  return { id: guidOf(name), displayName: name.replace(/@.*$/, ''), uniqueName: name };
}

/** @param isListed lists cut descriptions */
export function pullRequestAnswer(repository: Repository, record: PullRequestRecord, isListed = false): Json {
  const { id, name, projectId, project } = repository;
  const { end, description, iterations } = record;
  return {
    repository: { id, name, project: { id: projectId, name: project, state: 'wellFormed' } },
    pullRequestId: record.id,
    codeReviewId: record.id,
    status: record.status,
    creationDate: '2026-11-20T12:00:00.0000000Z',
    createdBy: identityAnswer('author@example.com'),
    title: record.title,
    ...(description === '' ? {} : { description: isListed ? description.slice(0, 400) : description }),
    sourceRefName: `refs/heads/${record.source}`,
    targetRefName: `refs/heads/${record.target}`,
    mergeStatus: record.mergeStatus,
    isDraft: record.isDraft,
    ...(record.isFork ? { forkSource: { name: `refs/heads/${record.source}` } } : {}),
    lastMergeSourceCommit: { commitId: iterations.at(-1) },
    reviewers: [],
    supportsIterations: true,
    ...(end === undefined
      ? {}
      : { closedBy: identityAnswer(end.by), closedDate: new Date(end.at).toISOString() }),
  };
}

/** @param isListed lists have the first line of a message alone */
export function commitAnswer({ id, message, author }: CommitRecord, isListed: boolean): Json {
  const [line = '', ...others] = message.split('\n');
  const isCut = isListed && others.join('') !== '';
  const signature = { ...author, date: '2026-11-20T12:00:00Z' };
  return {
    commitId: id,
    comment: isCut ? line : message,
    ...(isCut ? { commentTruncated: true } : {}),
    author: signature,
    committer: signature,
  };
}

export function statusAnswer({
  id,
  state,
  description,
  targetUrl,
  name,
  genre,
  iterationId,
}: StatusRecord): Json {
  return {
    ...{ id, state, context: { name, genre }, createdBy: identityAnswer('ci@example.com') },
    ...(description === undefined ? {} : { description }),
    ...(targetUrl === undefined ? {} : { targetUrl }),
    ...(iterationId === undefined ? {} : { iterationId }),
  };
}

export function threadAnswer({ id, status, comments }: ThreadRecord): Json {
  return { id, status, isDeleted: false, comments: comments.map(commentAnswer) };
}

export function commentAnswer({ id, content, author }: CommentRecord): Json {
  return { id, parentCommentId: 0, content, commentType: 'text', author: identityAnswer(author) };
}

/** Lists come in an object. */
export function sendList(response: Response, value: readonly unknown[]): void {
  response.json({ value, count: value.length });
}
