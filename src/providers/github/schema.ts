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
