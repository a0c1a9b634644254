/** The parameters and bodies that https://developer.atlassian.com/server/bitbucket/rest/v906/ describes, as far as a promotion uses them. */
import { z } from 'zod';
import { Refusal } from './refusal';

const flag = z.enum(['true', 'false']);
const pages = {
  start: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).default(25),
};
const user = z.strictObject({ name: z.string().min(1) });
const matcher = z.string().regex(/^refs\/heads\/./);
const ref = z.strictObject({
  id: matcher,
  repository: z.strictObject({ slug: z.string(), project: z.strictObject({ key: z.string() }) }),
});

export const pageQuery = z.strictObject(pages);
export const noQuery = z.strictObject({});
export const listQuery = z.strictObject({
  state: z.enum(['OPEN', 'DECLINED', 'MERGED', 'ALL']).default('OPEN'),
  direction: z.enum(['INCOMING', 'OUTGOING']).default('INCOMING'),
  at: matcher.optional(),
  order: z.enum(['NEWEST', 'OLDEST']).default('NEWEST'),
  withAttributes: flag.optional(),
  withProperties: flag.optional(),
  ...pages,
});
export const branchesQuery = z.strictObject({
  filterText: z.string().default(''),
  boostMatches: flag.optional(),
  ...pages,
});
export const versionQuery = z.strictObject({ version: z.coerce.number().int() });
export const keyQuery = z.strictObject({ key: z.string().min(1).max(255) });

export const createBody = z.strictObject({
  title: z.string().min(1),
  description: z.string().optional(),
  draft: z.boolean().optional(),
  fromRef: ref,
  toRef: ref,
});
/** `author` and `participants` may not be changed. */
export const updateBody = z.strictObject({
  version: z.number().int(),
  title: z.string().min(1).optional(),
  description: z.string().optional(),
  draft: z.boolean().optional(),
  reviewers: z.array(z.strictObject({ user })).optional(),
});
export const mergeBody = z.strictObject({
  message: z.string().optional(),
  strategyId: z.string().optional(),
});
export const declineBody = z.strictObject({ comment: z.string().optional() });
export const commentBody = z.strictObject({ text: z.string().min(1) });
export const editBody = z.strictObject({ text: z.string().min(1), version: z.number().int() });
export const participantBody = z.strictObject({ user, role: z.literal('REVIEWER') });
export const buildBody = z.strictObject({
  key: z.string().min(1).max(255),
  state: z.enum(['SUCCESSFUL', 'FAILED', 'INPROGRESS', 'CANCELLED', 'UNKNOWN']),
  url: z.url().max(450),
  name: z.string().max(255).optional(),
  description: z.string().max(255).optional(),
  parent: z.string().max(1_024).optional(),
  ref: z.string().max(1_024).optional(),
});
export const deleteBranchBody = z.strictObject({
  name: matcher,
  endPoint: z.string().length(40).optional(),
  dryRun: z.boolean().optional(),
});

/** Stricter than Bitbucket, which drops what it does not know: a misspelt parameter must not go unseen. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const what = issue?.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is unknown` : issue?.message;
  const where = issue?.path.join('.') ?? '';
  throw new Refusal(400, `${where}: ${what ?? ''}`, 'validation.ArgumentValidationException');
}

export function requireLengths(texts: { readonly title?: string; readonly description?: string }): void {
  const limits = { title: 255, description: 32_768 } as const;
  for (const field of ['title', 'description'] as const) {
    if ((texts[field]?.length ?? 0) > limits[field]) {
      throw new Refusal(400, `Please enter a ${field} of less than ${limits[field]} characters`, undefined, {
        context: field,
      });
    }
  }
}

export function requireComment(text: string): string {
  if (text.length <= 32_768) return text;
  throw new Refusal(400, 'Please enter less than 32768 characters', undefined, { context: 'text' });
}
