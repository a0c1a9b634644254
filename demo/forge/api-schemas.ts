import { z } from 'zod';
import { Refusal } from './refusal';

/** https://docs.github.com/rest/pulls/pulls#create-a-pull-request; `issue` and `head_repo` are left out. */
export const createSchema = z.strictObject({
  title: z.string().optional(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

/** https://docs.github.com/rest/pulls/pulls#update-a-pull-request; `base` is left out. */
export const updateSchema = z.strictObject({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  maintainer_can_modify: z.boolean().optional(),
});

/** https://docs.github.com/rest/pulls/pulls#merge-a-pull-request; not the repository's choice of methods. */
export const mergeSchema = z.strictObject({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
});

/** https://docs.github.com/rest/issues/comments#create-an-issue-comment */
export const commentSchema = z.strictObject({ body: z.string() });

/** https://docs.github.com/rest/issues/labels#add-labels-to-an-issue, as an object of names. */
export const labelsSchema = z.strictObject({ labels: z.array(z.string().min(1)).min(1) });

/** https://docs.github.com/rest/issues/assignees#add-assignees-to-an-issue */
export const assigneesSchema = z.strictObject({ assignees: z.array(z.string()) });

/** https://docs.github.com/rest/pulls/review-requests#request-reviewers-for-a-pull-request */
export const reviewersSchema = z.strictObject({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

/** https://docs.github.com/rest/commits/statuses#create-a-commit-status */
export const statusSchema = z.strictObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.url().nullish(),
  description: z.string().nullish(),
  context: z.string().default('default'),
});

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export const pageSchema = z.object({
  per_page: z.coerce.number().int().min(1).max(100).catch(30).default(30),
  page: z.coerce.number().int().min(1).catch(1).default(1),
});

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests; like GitHub, it ignores other parameters. */
export const listSchema = pageSchema.extend({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  head: z.string().optional(),
  base: z.string().optional(),
  sort: z.enum(['created', 'updated', 'popularity', 'long-running']).default('created'),
  direction: z.enum(['asc', 'desc']).optional(),
});

/** @throws Refusal 422 with GitHub's messages for schema errors */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => describe(issue, input));
  throw new Refusal(422, `Invalid request.\n\n${faults.join('\n')}`);
}

function describe(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `"${key}" is not a permitted key.`).join('\n');
  }
  const name = String(issue.path[0]);
  const value: unknown = (input as Record<string, unknown>)[name];
  if (value === undefined) return `"${name}" wasn't supplied.`;
  return `For 'properties/${name}', ${JSON.stringify(value)} is not valid: ${issue.message}.`;
}
