/** GitLab's JSON, with the fields that a client of merge requests uses. */
import { createHash } from 'node:crypto';
import { type Request, type Response } from 'express';
import { type GitCommit } from '../../../demo/forge/bare-repository';
import {
  type MergeRequestRecord,
  type NoteRecord,
  type Project,
  type StatusRecord,
  tokenUser,
} from './model';

type Json = Readonly<Record<string, unknown>>;

export function userAnswer(username: string): Json {
  const id = createHash('sha1').update(username).digest().readUInt16BE();
  return { id, username, name: username, state: 'active', web_url: `https://gitlab.example.com/${username}` };
}

export function mergeRequestAnswer(url: string, project: Project, record: MergeRequestRecord): Json {
  const { end, state } = record;
  const user = end === undefined ? null : userAnswer(end.by);
  const at = end === undefined ? null : new Date(end.at).toISOString();
  return {
    id: project.id * 1_000 + record.iid,
    iid: record.iid,
    project_id: project.id,
    title: record.title,
    description: record.description === '' ? null : record.description,
    state,
    sha: record.sha,
    updated_at: new Date(record.updatedAt).toISOString(),
    merged_at: state === 'merged' ? at : null,
    merge_user: state === 'merged' ? user : null,
    merged_by: state === 'merged' ? user : null,
    closed_at: state === 'closed' ? at : null,
    closed_by: state === 'closed' ? user : null,
    detailed_merge_status: state === 'opened' ? mergeStatus(project, record) : 'not_open',
    has_conflicts: record.conflicts === 'found',
    source_branch: record.sourceBranch,
    target_branch: record.targetBranch,
    source_project_id: record.sourceProject,
    target_project_id: project.id,
    draft: isDraft(record),
    labels: record.labels,
    reviewers: record.reviewers.map(userAnswer),
    assignees: record.assignees.map(userAnswer),
    squash: record.squash,
    force_remove_source_branch: record.removeSourceBranch,
    user_notes_count: record.notes.length,
    web_url: `${url}/${project.path}/-/merge_requests/${record.iid}`,
  };
}

/** The first obstacle: https://docs.gitlab.com/api/merge_requests/#merge-status */
function mergeStatus(project: Project, record: MergeRequestRecord): string {
  const { mergeStatus: status, conflicts, sha } = record;
  if (isDraft(record)) return 'draft_status';
  if (status !== 'mergeable') return status;
  if (conflicts !== 'none') return conflicts === 'found' ? 'conflict' : 'unchecked';
  if (!project.onlyMergesAfterPipelines) return status;
  const pipeline = project.pipelineState(sha);
  if (pipeline === 'success') return status;
  return pipeline === 'pending' ? 'ci_still_running' : 'ci_must_pass';
}

export function isDraft({ title }: MergeRequestRecord): boolean {
  return /^(draft:|\[draft\]|\(draft\))/i.test(title);
}

/** https://docs.gitlab.com/api/merge_trains/ */
export function trainCarAnswer(project: Project, record: MergeRequestRecord): Json {
  const at = new Date(record.updatedAt).toISOString();
  return {
    id: project.id * 10_000 + record.iid,
    merge_request: { iid: record.iid, project_id: project.id, title: record.title, state: record.state },
    user: userAnswer(tokenUser),
    pipeline: null,
    created_at: at,
    updated_at: at,
    target_branch: record.targetBranch,
    status: record.train,
    merged_at: record.train === 'merged' ? at : null,
    duration: null,
  };
}

export function projectAnswer(url: string, project: Project): Json {
  return {
    id: project.id,
    name: project.path.split('/').at(-1),
    path_with_namespace: project.path,
    default_branch: 'main',
    web_url: `${url}/${project.path}`,
    merge_method: 'merge',
    only_allow_merge_if_pipeline_succeeds: project.onlyMergesAfterPipelines,
    allow_merge_on_skipped_pipeline: false,
    merge_trains_enabled: project.hasMergeTrains,
  };
}

export function commitAnswer({ id, message, author, committer }: GitCommit): Json {
  return {
    id,
    short_id: id.slice(0, 8),
    title: message.split('\n', 1)[0],
    message,
    author_name: author.name,
    author_email: author.email,
    committer_name: committer.name,
    committer_email: committer.email,
  };
}

export function noteAnswer({ id, body, author }: NoteRecord): Json {
  return { id, body, author: userAnswer(author), system: false, noteable_type: 'MergeRequest' };
}

export function statusAnswer(status: StatusRecord): Json {
  return {
    id: status.id,
    sha: status.sha,
    ref: 'main',
    status: status.status,
    name: status.name,
    target_url: status.targetUrl ?? null,
    description: status.description ?? null,
    allow_failure: status.allowFailure,
    pipeline_id: status.pipeline,
    author: userAnswer(status.author),
  };
}

/** As Rack::ETag and Rack::ConditionalGet do. */
function sendConditionally(request: Request, response: Response, body: unknown): void {
  const tag = `W/"${createHash('md5').update(JSON.stringify(body)).digest('hex')}"`;
  response.setHeader('ETag', tag);
  if (request.get('if-none-match') === tag) response.status(304).end();
  else response.json(body);
}

/** One page of a list: https://docs.gitlab.com/api/rest/#offset-based-pagination */
export function sendPage(
  { request, response }: { readonly request: Request; readonly response: Response },
  items: readonly unknown[],
  { page, per_page: perPage }: { readonly page: number; readonly per_page: number },
): void {
  const from = (page - 1) * perPage;
  if (from + perPage < items.length) {
    const next = new URL(request.originalUrl, 'https://gitlab.example.com');
    next.searchParams.set('page', String(page + 1));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  sendConditionally(request, response, items.slice(from, from + perPage));
}
