/** Bitbucket's JSON, with the fields that a client of pull requests uses. */
import { type Request, type Response } from 'express';
import { type GitCommit } from '../../../demo/forge/bare-repository';
import {
  type CommentRecord,
  type PullRequestRecord,
  type Repository,
  type RestrictionRecord,
  type StatusRecord,
  type User,
} from './model';
import { filterOf, partial } from './query';
import { Refusal } from './refusal';

export type Json = Readonly<Record<string, unknown>>;

export function userAnswer(user: User): Json {
  return { type: 'user', ...user, links: {} };
}

/** Pull requests abbreviate the ids of commits. */
const abbreviation = 12;

export function pullRequestAnswer(repository: Repository, record: PullRequestRecord): Json {
  const { fullName, mergeStrategies } = repository;
  const api = `https://api.bitbucket.org/2.0/repositories/${fullName}/pullrequests/${record.id}`;
  const merges = { merge_strategies: mergeStrategies, default_merge_strategy: mergeStrategies[0] };
  const end = (name: string, hash: string | undefined, full_name: string): Json => ({
    branch: { name },
    commit: hash === undefined ? null : { hash: hash.slice(0, abbreviation) },
    repository: { type: 'repository', full_name, name: full_name.split('/')[1] },
  });
  const destination = end(record.destination, repository.branches.get(record.destination), fullName);
  return {
    type: 'pullrequest',
    ...{ id: record.id, title: record.title, description: record.description, state: record.state },
    ...{ draft: record.draft, queued: record.state === 'QUEUED', reason: '', task_count: 0 },
    summary: { raw: record.description, markup: 'markdown', html: '' },
    source: end(record.source, record.head, record.from),
    destination: { ...destination, branch: { name: record.destination, ...merges } },
    author: userAnswer(record.author),
    reviewers: record.reviewers.map(userAnswer),
    participants: [],
    close_source_branch: record.closeSourceBranch,
    closed_by: record.closedBy === undefined ? null : userAnswer(record.closedBy),
    comment_count: record.comments.length,
    created_on: new Date(record.createdOn).toISOString().replace('Z', '000+00:00'),
    updated_on: new Date(record.updatedOn).toISOString().replace('Z', '000+00:00'),
    merge_commit: null,
    links: {
      self: { href: api },
      html: { href: `https://bitbucket.org/${fullName}/pull-requests/${record.id}` },
    },
  };
}

export function commitAnswer({ id, message, author, committer }: GitCommit): Json {
  const signed = (type: string, { name, email }: GitCommit['author']): Json => ({
    ...{ type, raw: `${name} <${email}>` },
  });
  return {
    ...{ type: 'commit', hash: id, date: '2026-11-20T12:00:00+00:00', message },
    ...{ author: signed('author', author), committer: signed('committer', committer) },
  };
}

export function commentAnswer({ id, raw, by, deleted }: CommentRecord): Json {
  const content = { type: 'rendered', raw: deleted ? '' : raw, markup: 'markdown', html: '' };
  return { type: 'pullrequest_comment', id, content, user: userAnswer(by), deleted, pending: false };
}

export function statusAnswer({ commit, ...status }: StatusRecord): Json {
  return { type: 'build', ...status, commit: { type: 'commit', hash: commit }, refname: null };
}

export function restrictionAnswer(record: RestrictionRecord, index: number): Json {
  return { type: 'branchrestriction', id: index + 1, ...record, users: [], groups: [] };
}

export function sendOne({ query }: Request, response: Response, answer: Json, status = 200): void {
  response.status(status).json(partial(answer, text(query['fields'])));
}

/**
 * One page of a list: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
 * @param filters the fields that `q` can ask for
 */
export function sendPage(
  { query, originalUrl }: Request,
  response: Response,
  all: readonly Json[],
  {
    filters = [],
    maxLength = 100,
  }: { readonly filters?: readonly string[]; readonly maxLength?: number } = {},
): void {
  const length = Number(text(query['pagelen']) ?? 10);
  if (!Number.isInteger(length) || length < 1 || length > maxLength)
    throw new Refusal(400, 'Invalid pagelen');
  const page = Number(text(query['page']) ?? 1);
  const q = text(query['q']);
  const items = q === undefined ? all : all.filter(filterOf(q, new Set(filters)));
  const next = new URL(originalUrl, 'https://api.bitbucket.org');
  next.searchParams.set('page', String(page + 1));
  const answer = {
    ...{ size: items.length, page, pagelen: length },
    values: items.slice((page - 1) * length, page * length),
    ...(page * length < items.length ? { next: next.href } : {}),
  };
  response.json(partial(answer, text(query['fields'])));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
