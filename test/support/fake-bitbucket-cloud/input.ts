import { type Request } from 'express';
import { z } from 'zod';
import { badField, Refusal } from './refusal';

const branch = z.strictObject({ branch: z.strictObject({ name: z.string() }) });
const reviewer = z.union([z.strictObject({ uuid: z.string() }), z.strictObject({ account_id: z.string() })]);
const title = z.string().min(1).max(255);
const type = z.literal('pullrequest').optional();

/** The bodies that https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ describes, and no other fields. */
export const createBody = z.strictObject({
  ...{ type, title, source: branch, destination: branch.optional() },
  description: z.string().optional(),
  draft: z.boolean().optional(),
  close_source_branch: z.boolean().optional(),
  reviewers: z.array(reviewer).optional(),
});
/** Everything but the title can be left out: "title: This field is required." */
export const updateBody = createBody.omit({ source: true }).partial().required({ title: true });
export const mergeBody = z.strictObject({
  type: z.string(),
  message: z.string().optional(),
  close_source_branch: z.boolean().optional(),
  merge_strategy: z.string().default('merge_commit'),
});
export const declineBody = z.strictObject({ message: z.string().optional() }).optional();
export const commentBody = z.strictObject({
  content: z.strictObject({ raw: z.string().min(1).max(32_768) }),
});

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/ */
export const statusBody = z.strictObject({
  key: z.string().max(40),
  state: z.enum(['SUCCESSFUL', 'FAILED', 'INPROGRESS', 'STOPPED']),
  url: z.url().max(450),
  name: z.string().max(255).optional(),
  description: z.string().max(255).optional(),
  refname: z.string().optional(),
});

const parameters = z.strictObject({
  ...{ q: z.string().optional(), fields: z.string().optional() },
  ...{ page: z.coerce.number().int().min(1).optional(), pagelen: z.coerce.number().int().optional() },
  sort: z.enum(['-updated_on', '-created_on', 'updated_on', 'created_on']).optional(),
  state: z
    .union([z.string(), z.array(z.string())])
    .transform((states) => [states].flat())
    .pipe(z.array(z.enum(['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'])))
    .optional(),
});

export function parseBody<T extends z.ZodType>(schema: T, { body }: Request): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'too_big')
    throw badField(field, `Ensure this value has at most ${issue.maximum} characters.`);
  if (issue?.code === 'invalid_type' && field !== '' && /received undefined/.test(issue.message))
    throw badField(field, 'This field is required.');
  throw field === ''
    ? new Refusal(400, issue?.message ?? 'Bad request')
    : badField(field, issue?.message ?? '');
}

/** Stricter than Bitbucket, which takes no notice of what it does not know. */
export function parseQuery({ query }: Request): z.output<typeof parameters> {
  const result = parameters.safeParse(query);
  if (result.success) return result.data;
  throw new Refusal(
    400,
    result.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`).join(),
  );
}
