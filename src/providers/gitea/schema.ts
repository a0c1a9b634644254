/** The fields that are needed of Gitea's answers: `/api/swagger` of each Gitea, https://docs.gitea.com/api/1.26/ */
import { z } from 'zod';

const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);
const user = z.object({ id: z.number(), login: z.string().max(255) });
const time = z.string().max(40);

/** `label` is the branch, also where it is gone by now; `ref` is then `refs/pull/N/head`. */
const branch = z.object({ label: z.string(), sha: z.string(), repo_id: z.number() });

export const pullRequestSchema = z.object({
  number: z.number().int().positive(),
  html_url: z.url({ protocol: /^https?$/ }),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  merged: z.boolean(),
  merged_at: time.nullish(),
  merged_by: user.nullish(),
  closed_at: time.nullish(),
  created_at: time,
  updated_at: time,
  /** False also while Gitea looks for conflicts, and of drafts. */
  mergeable: z.boolean(),
  merge_base: z.string().nullish(),
  head: branch,
  base: branch,
});
export const pullRequestsSchema = z.array(pullRequestSchema);
export type GiteaPullRequest = z.output<typeof pullRequestSchema>;

/** The ways to merge that a repository allows, as everyone who reads its pull requests sees them. */
export const mergedPullRequestSchema = pullRequestSchema.extend({
  base: branch.extend({ repo: z.object({ default_merge_style: z.string().max(50).nullish() }).nullish() }),
});

export const decoratedPullRequestSchema = z.object({
  user: user.nullish(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  assignees: z.array(user).nullish(),
  requested_reviewers: z.array(user).nullish(),
  requested_reviewers_teams: z.array(z.object({ name: z.string() })).nullish(),
});
export const labelsSchema = z.array(z.object({ name: z.string() }));
export const usersSchema = z.array(user);
export const reviewsSchema = z.array(
  z.object({ user: user.nullish(), team: z.object({ name: z.string() }).nullish() }),
);

export const referencesSchema = z.array(z.object({ ref: z.string(), object: z.object({ sha: commitId }) }));

/** Null where nothing happened in that time. */
export const timelineSchema = z
  .array(z.object({ type: z.string(), user: user.nullish() }).nullable())
  .nullable();

const person = z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish();
const account = user.partial().nullish();

export const commitsSchema = z.array(
  z.object({
    sha: commitId,
    commit: z.object({ message: z.string(), author: person, committer: person }),
    author: account,
    committer: account,
  }),
);

export const branchSchema = z.object({
  protected: z.boolean(),
  enable_status_check: z.boolean(),
  status_check_contexts: z.array(z.string()).nullish(),
});

/** `status`, where every other service has `state`. */
export const statusSchema = z.object({
  /** The later, the greater. */
  id: z.number(),
  context: z.string(),
  status: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});
export const statusesSchema = z.array(statusSchema);
export type GiteaStatus = z.output<typeof statusSchema>;

export const commentsSchema = z.array(z.object({ id: z.number(), body: z.string(), user: user.nullish() }));
export const userSchema = user;

/** The sentences of a refusal; parses anything. */
export const refusalSchema = z
  .object({
    message: z.string().catch('').default(''),
    errors: z.array(z.string()).nullable().catch([]).default([]),
  })
  .transform(({ message, errors }) => [message, ...(errors ?? [])].filter((sentence) => sentence !== ''))
  .catch([]);
