import { z } from 'zod';
import { Refusal } from './refusal';

const pages = {
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(20),
};

/** The parameters that https://docs.gitlab.com/api/merge_requests/ lists, as far as a promotion has use for them. */
export const listQuery = z.strictObject({
  state: z.enum(['all', 'closed', 'locked', 'merged', 'opened']).default('all'),
  scope: z.enum(['created_by_me', 'assigned_to_me', 'all']).optional(),
  source_branch: z.string().optional(),
  target_branch: z.string().optional(),
  iids: z.array(z.coerce.number().int()).optional(),
  order_by: z.enum(['created_at', 'updated_at', 'title', 'merged_at']).default('created_at'),
  sort: z.enum(['asc', 'desc']).default('desc'),
  updated_after: z.iso.datetime().optional(),
  with_merge_status_recheck: z.stringbool().optional(),
  ...pages,
});
export const mergeBody = z.strictObject({
  sha: z.string().optional(),
  squash: z.boolean().optional(),
  should_remove_source_branch: z.boolean().optional(),
  merge_commit_message: z.string().optional(),
});
export const pageQuery = z.strictObject(pages);
export const notesQuery = z.strictObject({
  order_by: z.enum(['created_at', 'updated_at']).default('created_at'),
  sort: z.enum(['asc', 'desc']).default('desc'),
  ...pages,
});
export const statusQuery = z.strictObject({
  ref: z.string().optional(),
  name: z.string().optional(),
  all: z.stringbool().optional(),
  ...pages,
});
export const statusBody = z.strictObject({
  state: z.enum(['pending', 'running', 'success', 'failed', 'canceled', 'skipped']),
  name: z.string().default('default'),
  ref: z.string().optional(),
  description: z.string().optional(),
  target_url: z.url().optional(),
});
export const createBody = z.strictObject({
  title: z.string(),
  source_branch: z.string(),
  target_branch: z.string(),
  description: z.string().optional(),
  squash: z.boolean().optional(),
  remove_source_branch: z.boolean().optional(),
});
export const updateBody = z
  .strictObject({
    title: z.string().optional(),
    description: z.string().optional(),
    state_event: z.enum(['close', 'reopen']).optional(),
    add_labels: z.string().optional(),
    reviewer_ids: z.array(z.number().int()).optional(),
    assignee_ids: z.array(z.number().int()).optional(),
    remove_source_branch: z.boolean().optional(),
  })
  .refine((input) => Object.keys(input).length > 0);
export const usersQuery = z.strictObject({ username: z.string().min(1), ...pages });
export const boardBody = z.strictObject({
  sha: z.string().optional(),
  squash: z.boolean().optional(),
  auto_merge: z.boolean().optional(),
});
export const noteBody = z.strictObject({ body: z.string().min(1) });

/** Stricter than GitLab, which drops what it does not know: a misspelt parameter must not go unseen. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is unknown`;
    if (issue.path.length === 0) return 'at least one parameter must be provided';
    const value = (input as Record<string, unknown>)[String(issue.path[0])];
    return `${issue.path.join('.')} ${value === undefined ? 'is missing' : 'does not have a valid value'}`;
  });
  throw new Refusal(400, { error: faults.join(', ') });
}

/** GitLab's limits. */
export function requireLengths(input: {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
}): void {
  const limits = { title: 255, description: 1_048_576 } as const;
  for (const field of ['title', 'description'] as const) {
    if ((input[field]?.length ?? 0) > limits[field]) {
      throw new Refusal(400, {
        message: { [field]: [`is too long (maximum is ${limits[field]} characters)`] },
      });
    }
  }
}
