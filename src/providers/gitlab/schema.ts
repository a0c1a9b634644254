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
