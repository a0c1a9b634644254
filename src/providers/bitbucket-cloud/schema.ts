import { z } from 'zod';

/** Of pull requests, 12 hexadecimal digits; everywhere else all of them. */
const abbreviatedId = z.string().regex(/^[0-9a-f]{7,64}$/);
const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);

/** Since users have no public login, people are called by names that they choose; tokens of repositories have a display name. */
const account = z.object({
  uuid: z.string().max(100).optional(),
  account_id: z.string().max(100).nullish(),
  nickname: z.string().nullish(),
  display_name: z.string().nullish(),
});
export type BitbucketAccount = z.output<typeof account>;

/** A fork that was deleted leaves `repository: null` behind, its branch `commit: null`. */
const end = z.object({
  branch: z.object({
    name: z.string(),
    merge_strategies: z.array(z.string()).optional(),
    default_merge_strategy: z.string().nullish(),
  }),
  commit: z.object({ hash: abbreviatedId }).nullish(),
  repository: z.object({ full_name: z.string() }).nullish(),
});

/**
 * A pull request, in lists too, where their `fields` ask for it.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-get
 */
export const pullRequestSchema = z.object({
  id: z.number().int().positive(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.enum(['OPEN', 'DRAFT', 'QUEUED', 'MERGED', 'DECLINED', 'SUPERSEDED']),
  updated_on: z.string().max(40),
  source: end,
  destination: end,
  closed_by: account.nullish(),
  links: z.object({ html: z.object({ href: z.url({ protocol: /^https?$/ }) }) }),
});
export const pullRequestsSchema = z.array(pullRequestSchema);
export type BitbucketPullRequest = z.output<typeof pullRequestSchema>;

/** Only on a pull request's own URL. */
export const reviewedPullRequestSchema = z.object({
  title: z.string(),
  description: z.string().nullish(),
  reviewers: z.array(account.extend({ uuid: z.string() })),
});
export type BitbucketReviewer = z.output<typeof reviewedPullRequestSchema>['reviewers'][number];

export const authorSchema = z.object({ author: account.nullish() });

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-refs/#api-repositories-workspace-repo-slug-refs-branches-get */
export const branchesSchema = z.array(
  z.object({ name: z.string(), target: z.object({ hash: commitId }).nullable() }),
);

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/#api-repositories-workspace-repo-slug-commit-commit-get */
export const commitSchema = z.object({ hash: commitId });

/** `raw`: `Name <address>`, as the commit has it; `user`: the account that the address belongs to. */
const signature = z.object({ raw: z.string().nullish(), user: account.nullish() }).nullish();

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-commits-get */
export const commitsSchema = z.array(
  commitSchema.extend({ message: z.string(), author: signature, committer: signature }),
);
export type BitbucketSignature = z.output<typeof signature>;

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/#api-repositories-workspace-repo-slug-commit-commit-statuses-get */
export const statusesSchema = z.array(
  z.object({
    key: z.string(),
    state: z.enum(['SUCCESSFUL', 'FAILED', 'INPROGRESS', 'STOPPED']),
    description: z.string().nullish(),
    url: z.string().nullish(),
  }),
);
export type BitbucketStatus = z.output<typeof statusesSchema>[number];

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-get */
export const commentsSchema = z.array(
  z.object({
    id: z.number().int(),
    content: z.object({ raw: z.string().nullish() }).nullish(),
    user: account.nullish(),
    deleted: z.boolean().optional(),
  }),
);

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-get */
export const userSchema = z.object({ uuid: z.string() });

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/#api-workspaces-workspace-members-get */
export const membersSchema = z.array(z.object({ user: z.object({ uuid: z.string() }) }));

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/#api-repositories-workspace-repo-slug-branch-restrictions-get */
export const restrictionsSchema = z.array(
  z.object({
    kind: z.string(),
    branch_match_kind: z.string(),
    pattern: z.string().nullish(),
    value: z.number().nullish(),
  }),
);
export type BranchRestriction = z.output<typeof restrictionsSchema>[number];

/** `…/pullrequests/{id}/mergeability/checks`, in the published OpenAPI document. */
export const mergeabilitySchema = z.array(
  z.object({
    type: z.string(),
    status: z.string(),
    reason: z.string().nullish(),
    blocking: z.boolean().nullish(),
  }),
);
export type MergeabilityCheck = z.output<typeof mergeabilitySchema>[number];

const texts = z.array(z.string());

/** https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses; parses anything. */
export const refusalSchema = z
  .object({
    error: z.object({
      message: z.string().catch(''),
      /** Of a missing scope: the scopes that are needed. */
      detail: z
        .union([
          z.string().transform((sentence) => ({ sentence, required: [] as string[] })),
          z.object({ required: texts.catch([]) }).transform(({ required }) => ({ sentence: '', required })),
        ])
        .catch({ sentence: '', required: [] }),
      /** What is wrong with which field of the input. */
      fields: z
        .record(z.string(), z.union([texts, z.string().transform((text) => [text])]).catch([]))
        .catch({}),
    }),
  })
  .transform(({ error }) => error)
  .catch({ message: '', detail: { sentence: '', required: [] }, fields: {} });
