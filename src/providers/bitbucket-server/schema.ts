/** Of the API that https://developer.atlassian.com/server/bitbucket/rest/v906/ publishes, the fields that are needed. */
import { z } from 'zod';

const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);
/** Milliseconds since the epoch. */
const time = z.number().int();
const user = z.object({ name: z.string().max(255) });

const ref = z.object({
  /** `refs/heads/main` */
  id: z.string(),
  latestCommit: commitId,
  repository: z.object({ slug: z.string(), project: z.object({ key: z.string() }) }),
});

export const pullRequestSchema = z.object({
  id: z.number().int().positive(),
  /** Grows with each change of the pull request itself. */
  version: z.number().int(),
  title: z.string(),
  /** Absent where it is empty. */
  description: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  state: z.enum(['OPEN', 'MERGED', 'DECLINED']),
  /** Since 8.18. */
  draft: z.boolean().nullish(),
  closedDate: time.nullish(),
  fromRef: ref,
  toRef: ref,
  author: z.object({ user }).optional(),
  reviewers: z.array(z.object({ user })).default([]),
  links: z.object({ self: z.array(z.object({ href: z.url({ protocol: /^https?$/ }) })).min(1) }),
});
export const pullRequestsSchema = z.array(pullRequestSchema);
export type BitbucketPullRequest = z.output<typeof pullRequestSchema>;

export const branchesSchema = z.array(z.object({ id: z.string(), latestCommit: commitId }));

/** Whether it can be merged, which Bitbucket finds out when it is asked. */
export const mergeabilitySchema = z.object({ conflicted: z.boolean() });

const comment = z.object({
  id: z.number().int(),
  version: z.number().int(),
  text: z.string(),
  /** Only the author of a comment may edit it. */
  permittedOperations: z.object({ editable: z.boolean().default(false) }).optional(),
});
export type BitbucketComment = z.output<typeof comment>;

/** Plugins add actions of their own. */
export const activitiesSchema = z.array(
  z.object({
    action: z.string(),
    commentAction: z.string().optional(),
    user: user.optional(),
    comment: comment.optional(),
  }),
);

/** An account, where the address belongs to one; else what the commit says. */
const person = z.object({
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
});
export const commitsSchema = z.array(
  z.object({ id: commitId, message: z.string(), author: person.nullish(), committer: person.nullish() }),
);

export const buildStatusSchema = z.object({
  state: z.string(),
  description: z.string().nullish(),
  url: z.string().nullish(),
});
const count = z.number().int().default(0);
/** How many builds of a commit are in which state. */
export const buildStatsSchema = z.object({
  successful: count,
  inProgress: count,
  failed: count,
  cancelled: count,
  unknown: count,
});

const refMatcher = z.object({ id: z.string().nullish(), type: z.object({ id: z.string() }) });
export type RefMatcher = z.output<typeof refMatcher>;
export const requiredBuildsSchema = z.array(
  z.object({
    buildParentKeys: z.array(z.string()),
    refMatcher,
    /** Of source branches. */
    exemptRefMatcher: refMatcher.nullish(),
  }),
);

export const reviewerGroupsSchema = z.array(z.object({ name: z.string(), users: z.array(user).default([]) }));

export const settingsSchema = z.object({
  mergeConfig: z.object({
    defaultStrategy: z.object({ id: z.string() }).nullish(),
    strategies: z.array(z.object({ id: z.string(), enabled: z.boolean().default(false) })).default([]),
  }),
});

export const pageSchema = z.object({
  values: z.array(z.unknown()),
  isLastPage: z.boolean(),
  nextPageStart: z.number().int().nullish(),
});

const reviewerError = z.object({
  /** The user's name. */
  context: z.string().catch(''),
  message: z.string().catch(''),
});
export type RefusedReviewer = z.output<typeof reviewerError>;
const veto = z
  .object({ summaryMessage: z.string().catch(''), detailedMessage: z.string().catch('') })
  .transform(({ summaryMessage, detailedMessage }) => detailedMessage || summaryMessage);

/** The errors of a refusal; parses anything. */
export const refusalSchema = z
  .object({
    errors: z.array(
      z.object({
        message: z.string().catch(''),
        exceptionName: z.string().catch(''),
        /** Of a merge. */
        conflicted: z.boolean().catch(false),
        vetoes: z.array(veto).catch([]),
        reviewerErrors: z.array(reviewerError).catch([]),
      }),
    ),
  })
  .transform(({ errors }) => errors)
  .catch([]);
