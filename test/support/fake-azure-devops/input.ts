/**
 * The parameters and bodies that https://learn.microsoft.com/rest/api/azure/devops/ describes, as far as a promotion uses them.
 * Stricter than the service, which takes no notice of what it does not know.
 */
import { type Request } from 'express';
import { z } from 'zod';
import { Refusal } from './refusal';

const count = z.coerce.number().int().min(0);
const branch = z.string().regex(/^refs\/heads\/./, 'A ref name must start with refs/heads/.');
const title = z
  .string()
  .min(1)
  .max(400, 'A title for a pull request must not be longer than 400 characters.');
const description = z
  .string()
  .max(4_000, 'A description for a pull request must not be longer than 4000 characters.');
const version = { 'api-version': z.literal('7.0') };
/** The versions are those of Microsoft's client for 7.0: https://github.com/microsoft/azure-devops-python-api, azure/devops/v7_0 */
const preview = { 'api-version': z.literal('7.0-preview.1') };

export const noQuery = z.strictObject(version);
/** `connectionData` has no page of its own. */
export const previewQuery = z.strictObject(preview);

/** git/pull-requests/get-pull-requests */
export const pullRequestsQuery = z.strictObject({
  ...version,
  'searchCriteria.status': z.enum(['notSet', 'active', 'abandoned', 'completed', 'all']).default('active'),
  'searchCriteria.sourceRefName': branch.optional(),
  'searchCriteria.targetRefName': branch.optional(),
  ...{ $top: count.default(101), $skip: count.default(0) },
});

/** git/pull-requests/create */
export const createBody = z.strictObject({
  ...{ title, description: description.default('') },
  ...{ sourceRefName: branch, targetRefName: branch, isDraft: z.boolean().default(false) },
});

/** git/pull-requests/update: the other properties of a pull request cannot be updated. */
export const updateBody = z.strictObject({
  ...{ title: title.optional(), description: description.optional() },
  status: z.enum(['active', 'abandoned', 'completed']).optional(),
  lastMergeSourceCommit: z.strictObject({ commitId: z.string() }).optional(),
  completionOptions: z
    .strictObject({
      mergeStrategy: z.enum(['noFastForward', 'squash', 'rebase', 'rebaseMerge']).optional(),
      deleteSourceBranch: z.boolean().optional(),
    })
    .optional(),
});

/** git/refs/list */
export const refsQuery = z.strictObject({ ...version, filter: z.string().default('') });

/** git/pull-request-commits/get-pull-request-commits */
export const commitsQuery = z.strictObject({
  ...version,
  ...{ $top: count.default(100), continuationToken: z.string().default('0') },
});

/** git/statuses/list, of a commit */
export const commitStatusesQuery = z.strictObject({
  ...version,
  ...{ top: count.default(1_000), skip: count.default(0) },
  latestOnly: z.enum(['true', 'false']).default('false'),
});

/** git/pull-request-statuses/create: "the only required field is Context.Name" */
export const statusBody = z.strictObject({
  state: z.enum(['notSet', 'pending', 'succeeded', 'failed', 'error', 'notApplicable']).default('notSet'),
  description: z.string().max(255).optional(),
  targetUrl: z.url().optional(),
  iterationId: z.number().int().min(1).optional(),
  context: z.strictObject({ name: z.string().min(1), genre: z.string().default('') }),
});

/** https://github.com/runatlantis/atlantis/pull/1585 */
const content = z
  .string()
  .min(1)
  .max(
    150_000,
    'A discussion comment cannot be longer than 150000 characters.\r\nParameter name: comment.Content',
  );

/** git/pull-request-threads/create */
export const threadBody = z.strictObject({
  comments: z.tuple([
    z.strictObject({ parentCommentId: z.literal(0), content, commentType: z.literal('text') }),
  ]),
  status: z.enum(['unknown', 'active', 'fixed', 'wontFix', 'closed', 'byDesign', 'pending']),
});

/** git/pull-request-thread-comments/update */
export const commentBody = z.strictObject({ content });

/** git/policy-configurations/get */
export const policiesQuery = z.strictObject({
  ...version,
  ...{ repositoryId: z.guid(), refName: branch, policyType: z.guid() },
});

/** policy/evaluations/list */
export const evaluationsQuery = z.strictObject({
  ...preview,
  artifactId: z.string().regex(/^vstfs:\/\/\/CodeReview\/CodeReviewId\/[^/]+\/\d+$/),
  ...{ $top: count.default(100), $skip: count.default(0) },
});

/** git/pull-request-labels/create */
export const labelBody = z.strictObject({ name: z.string().trim().min(1) });

/** git/pull-request-reviewers/create-pull-request-reviewer: "When adding other reviewers, vote must be set to zero" */
export const reviewerBody = z.strictObject({ id: z.guid(), vote: z.literal(0) });

/** ims/identities/read-identities */
export const identitiesQuery = z.strictObject({
  ...version,
  searchFilter: z.literal('General'),
  filterValue: z.string().min(1),
  queryMembership: z.enum(['none', 'direct']).default('none'),
});

/** @throws Refusal where there is another parameter, or one that cannot be such */
export function queryOf<T extends z.ZodType>({ query }: Request, schema: T): z.output<T> {
  return parsed(schema, query);
}

/** @throws Refusal where there is another field, or one that cannot be such */
export function bodyOf<T extends z.ZodType>({ body }: Request, schema: T): z.output<T> {
  return parsed(schema, body);
}

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw invalidArgument(faults.join('; '));
}

/** https://github.com/dependabot/dependabot-core/issues/2747 */
export function invalidArgument(words: string): Refusal {
  return new Refusal(
    400,
    'InvalidArgumentValueException',
    `Invalid argument value.\r\nParameter name: ${words}`,
  );
}
