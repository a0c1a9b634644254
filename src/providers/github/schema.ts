import { z } from 'zod';

/** A fork that was deleted leaves `repo: null` behind. */
const end = z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }).nullish() });

/** https://docs.github.com/rest/pulls/pulls#get-a-pull-request */
export const pullRequestSchema = z.object({
  number: z.number().int().positive(),
  html_url: z.url({ protocol: /^https?$/ }),
  state: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  head: end,
  base: end,
});
export const pullRequestsSchema = z.array(pullRequestSchema);
export type GithubPullRequest = z.output<typeof pullRequestSchema>;

const user = z.object({ id: z.number(), login: z.string().max(255), type: z.string().optional() });
const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests, with the fields of its state */
const listedPullRequestSchema = pullRequestSchema.extend({
  state: z.enum(['open', 'closed']),
  updated_at: z.string().max(40),
  merged_at: z.string().nullable(),
  closed_at: z.string().nullable(),
  head: end.extend({ sha: commitId }),
});
export const listedPullRequestsSchema = z.array(listedPullRequestSchema);
export type GithubListedPullRequest = z.output<typeof listedPullRequestSchema>;

/** https://docs.github.com/rest/pulls/pulls#get-a-pull-request */
export const singlePullRequestSchema = listedPullRequestSchema.extend({
  merged_by: user.nullable(),
  /** Null while GitHub computes it, and once the pull request is closed. */
  mergeable: z.boolean().nullable(),
  mergeable_state: z.string(),
});
export type GithubSinglePullRequest = z.output<typeof singlePullRequestSchema>;

const person = z.object({ login: z.string() });
const label = z.object({ name: z.string() });

/** https://docs.github.com/rest/pulls/pulls#get-a-pull-request, with its labels and people */
export const decoratedPullRequestSchema = z.object({
  labels: z.array(label),
  assignees: z.array(person),
  requested_reviewers: z.array(person),
  requested_teams: z.array(z.object({ slug: z.string() })),
});
export type GithubDecoratedPullRequest = z.output<typeof decoratedPullRequestSchema>;

/** https://docs.github.com/rest/issues/labels#add-labels-to-an-issue */
export const labelsSchema = z.array(label);

/** https://docs.github.com/rest/issues/assignees#add-assignees-to-an-issue */
export const assignedSchema = z.object({ assignees: z.array(person) });

/** https://docs.github.com/rest/issues/events#list-issue-events */
export const reviewRequestsSchema = z.array(
  z.object({
    event: z.string(),
    requested_reviewer: person.nullish(),
    requested_team: z.object({ slug: z.string() }).nullish(),
  }),
);

/** https://docs.github.com/rest/git/refs#get-a-reference */
export const refSchema = z.object({ object: z.object({ sha: commitId }) });

/** https://docs.github.com/rest/git/refs#list-matching-references */
export const refsSchema = z.array(refSchema);

/** GitHub leaves out what it does not know: an account that no address belongs to is null, or an empty object. */
const account = z.object({ login: z.string().optional() }).nullish();
const signature = z.object({ name: z.string().optional(), email: z.string().optional() }).nullish();

/** https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request */
export const commitsSchema = z.array(
  z.object({
    sha: commitId,
    commit: z.object({ message: z.string(), author: signature, committer: signature }),
    author: account,
    committer: account,
  }),
);

const context = z.object({ context: z.string() });

/** https://docs.github.com/rest/branches/branches#get-a-branch: as much of its protection as every reader may see */
export const branchSchema = z.object({
  protected: z.boolean(),
  protection: z
    .object({
      required_status_checks: z
        .object({ contexts: z.array(z.string()).optional(), checks: z.array(context).optional() })
        .nullish(),
    })
    .optional(),
});

/** https://docs.github.com/rest/repos/rules#get-rules-for-a-branch: active rules of repository and organization */
export const branchRulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z.object({ required_status_checks: z.array(context).optional() }).optional(),
  }),
);

/** https://docs.github.com/rest/issues/issues#get-an-issue */
export const closedIssueSchema = z.object({ closed_by: user.nullish() });

/** https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference: its `statuses` */
export const statusesSchema = z.array(
  z.object({
    context: z.string(),
    state: z.enum(['error', 'failure', 'pending', 'success']),
    description: z.string().nullable(),
    target_url: z.string().nullable(),
  }),
);

/** https://docs.github.com/rest/checks/runs#list-check-runs-for-a-git-reference: its `check_runs` */
export const checkRunsSchema = z.array(
  z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() }),
);
export type GithubCheckRun = z.output<typeof checkRunsSchema>[number];

/** https://docs.github.com/rest/issues/comments#list-issue-comments */
export const commentsSchema = z.array(
  z.object({ id: z.number().int(), body: z.string().nullish(), user: user.nullable() }),
);

/** https://docs.github.com/rest/apps/apps#get-an-organization-installation-for-the-authenticated-app */
export const installationSchema = z.object({ id: z.number().int().positive() });

/** https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app */
export const installationTokenSchema = z.object({
  token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_at: z.iso.datetime({ offset: true }),
  permissions: z.object({ pull_requests: z.string().optional() }).optional(),
});

/** https://docs.github.com/rest/users/users#get-the-authenticated-user */
export const userSchema = user;

const fieldErrorSchema = z.object({
  field: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});
export type FieldError = z.output<typeof fieldErrorSchema>;

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed; parses anything. */
export const refusalSchema = z
  .object({
    message: z.string().catch(''),
    errors: z
      .array(z.union([fieldErrorSchema, z.string().transform((message): FieldError => ({ message }))]))
      .catch([]),
  })
  .catch({ message: '', errors: [] });
