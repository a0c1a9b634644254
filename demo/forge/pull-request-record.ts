import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const commentSchema = z.object({
  id: z.int(),
  body: z.string(),
  createdAt: z.string(),
  /** Absent in files of older versions. */
  author: z.string().optional(),
});

const recordSchema = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  /** Branches. */
  head: z.string(),
  base: z.string(),
  /** Commits: they follow their branches while the pull request is open. */
  headSha: z.string(),
  baseSha: z.string(),
  mergeCommit: z.string().optional(),
  /** ISO 8601, whole seconds, as GitHub writes times. */
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().optional(),
  /** Who merged or closed it; absent where a push did. */
  endedBy: z.string().optional(),
  comments: z.array(commentSchema),
  draft: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  assignees: z.array(z.string()).default([]),
  /** Users and teams that have not reviewed yet. */
  reviewers: z.array(z.string()).default([]),
  teams: z.array(z.string()).default([]),
  /** Everyone who was asked for a review, the first first. */
  reviewRequests: z
    .array(z.union([z.object({ reviewer: z.string() }), z.object({ team: z.string() })]))
    .default([]),
});

/** A pull request as the forge stores it. */
export type PullRequestRecord = z.infer<typeof recordSchema>;
export type CommentRecord = z.infer<typeof commentSchema>;

/** Reads a repository's pull requests; none if the file does not exist. */
export async function loadPullRequests(file: string): Promise<PullRequestRecord[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return z.array(recordSchema).parse(JSON.parse(text));
}

/** Replaces the file atomically, so that a crash leaves the old or the new one. */
export async function savePullRequests(file: string, records: readonly PullRequestRecord[]): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(records, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** The current time in GitHub's format. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
