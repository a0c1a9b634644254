import { z } from 'zod';

/** https://docs.gitlab.com/api/merge_requests/#get-single-mr */
export const mergeRequestSchema = z.object({
  iid: z.number().int().positive(),
  web_url: z.url({ protocol: /^https?$/ }),
  state: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: z.number().nullable(),
  target_project_id: z.number(),
});
export const mergeRequestsSchema = z.array(mergeRequestSchema);
export type GitlabMergeRequest = z.output<typeof mergeRequestSchema>;

const user = z.object({ id: z.number(), username: z.string().max(255) });
export type GitlabUser = z.output<typeof user>;
const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);

/** https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests, with the fields of its state */
export const endedMergeRequestSchema = mergeRequestSchema.extend({
  /** `locked`: being merged. */
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  /** Null for a moment after it was made, and where the source branch is gone. */
  sha: commitId.nullable(),
  updated_at: z.string().max(40),
  merged_at: z.string().nullish(),
  closed_at: z.string().nullish(),
  merge_user: user.nullish(),
  /** Before GitLab 14.7, and to be removed. */
  merged_by: user.nullish(),
  closed_by: user.nullish(),
  detailed_merge_status: z.string().max(100).optional(),
  /** False as long as GitLab does not know. */
  has_conflicts: z.boolean().nullish(),
  /** Whether a merge deletes the source branch. */
  force_remove_source_branch: z.boolean().nullish(),
});
export const endedMergeRequestsSchema = z.array(endedMergeRequestSchema);
export type GitlabEndedMergeRequest = z.output<typeof endedMergeRequestSchema>;

/** https://docs.gitlab.com/api/merge_requests/#get-single-mr, with the fields of its decoration */
export const decoratedSchema = z.object({
  labels: z.array(z.string()),
  reviewers: z
    .array(user)
    .nullish()
    .transform((users) => users ?? []),
  assignees: z
    .array(user)
    .nullish()
    .transform((users) => users ?? []),
});

/** https://docs.gitlab.com/api/merge_trains/#retrieve-merge-train-status */
export const trainCarSchema = z.object({ status: z.string().max(100) });

/** https://docs.gitlab.com/api/merge_requests/#get-single-merge-request-commits */
export const commitsSchema = z.array(
  z.object({
    id: commitId,
    message: z.string(),
    author_name: z.string().nullish(),
    author_email: z.string().nullish(),
    committer_name: z.string().nullish(),
    committer_email: z.string().nullish(),
  }),
);

/** https://docs.gitlab.com/api/projects/#get-a-single-project; who is not a member sees fewer fields */
export const projectSchema = z.object({
  path_with_namespace: z.string(),
  only_allow_merge_if_pipeline_succeeds: z.boolean().nullish(),
  /** Whether pipelines run for merged results. */
  merge_pipelines_enabled: z.boolean().nullish(),
  /** Premium has them. */
  merge_trains_enabled: z.boolean().nullish(),
});

/** https://docs.gitlab.com/api/commits/#list-commit-statuses */
export const statusSchema = z.object({
  id: z.number(),
  name: z.string(),
  ref: z.string().nullish(),
  status: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  allow_failure: z.boolean().nullish(),
  /** Older versions leave it out. */
  pipeline_id: z.number().nullish(),
});
export const statusesSchema = z.array(statusSchema);
export type GitlabStatus = z.output<typeof statusSchema>;

/** https://docs.gitlab.com/api/notes/#list-all-merge-request-notes */
export const noteSchema = z.object({ id: z.number(), body: z.string(), author: user });
export const notesSchema = z.array(noteSchema);

/** https://docs.gitlab.com/api/users/#get-the-current-user */
export const userSchema = user;

/** https://docs.gitlab.com/api/users/#list-all-users */
export const usersSchema = z.array(user);

/** `message` is a sentence, several, or sentences by field: https://docs.gitlab.com/api/rest/troubleshooting/ */
const messageSchema = z.union([
  z.string().transform((sentence) => [sentence]),
  z.array(z.string()),
  z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .transform((fields) =>
      Object.entries(fields).flatMap(([field, faults]) =>
        [faults].flat().map((fault) => `${field} ${fault}`),
      ),
    ),
]);

/** The sentences of a refusal; parses anything. */
export const refusalSchema = z
  .object({
    message: messageSchema.catch([]).default([]),
    error: z.string().catch('').default(''),
    error_description: z.string().catch('').default(''),
  })
  .transform(({ message, error, error_description }) =>
    [...message, error, error_description].filter((sentence) => sentence !== ''),
  )
  .catch([]);
