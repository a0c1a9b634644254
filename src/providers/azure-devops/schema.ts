import { z } from 'zod';

const commitId = z.string().regex(/^[0-9a-f]{40,64}$/);
const text = (length: number) => z.string().max(length);

/** `uniqueName` is the address of a person, and a name with an id for accounts of the service's own. */
const identity = z.object({
  id: text(100),
  displayName: text(500).nullish(),
  uniqueName: text(500).nullish(),
});
export type AzureIdentity = z.output<typeof identity>;

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/get-pull-request */
export const pullRequestSchema = z.object({
  pullRequestId: z.number().int().positive(),
  status: z.enum(['notSet', 'active', 'abandoned', 'completed']),
  title: z.string(),
  /** Absent where it is empty; lists cut it. */
  description: z.string().nullish(),
  /** `refs/heads/…` */
  sourceRefName: z.string(),
  targetRefName: z.string(),
  /** Present where the source branch is in another repository. */
  forkSource: z.object({}).nullish(),
  mergeStatus: text(100).nullish(),
  mergeFailureMessage: z.string().nullish(),
  /** The head of the source branch when the service last looked: it can be a moment behind a push. */
  lastMergeSourceCommit: z.object({ commitId }).nullish(),
  closedBy: identity.nullish(),
  closedDate: text(40).nullish(),
  repository: z.object({ id: text(100), project: z.object({ id: text(100) }) }),
});
export const pullRequestsSchema = z.array(pullRequestSchema);
export type AzurePullRequest = z.output<typeof pullRequestSchema>;

/** https://learn.microsoft.com/rest/api/azure/devops/git/repositories/get-repository */
export const repositorySchema = z.object({ id: text(100) });

/** https://learn.microsoft.com/rest/api/azure/devops/git/refs/list */
export const refsSchema = z.array(z.object({ name: z.string() }));

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-commits/get-pull-request-commits */
const signature = z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish();
export const commitSchema = z.object({
  commitId,
  comment: z.string().nullish(),
  commentTruncated: z.boolean().nullish(),
  author: signature,
  committer: signature,
});
export const commitsSchema = z.array(commitSchema);
export type AzureCommit = z.output<typeof commitSchema>;

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-iterations/list */
export const iterationsSchema = z.array(
  z.object({ id: z.number().int(), sourceRefCommit: z.object({ commitId }).nullish() }),
);

/**
 * Of a pull request, and of a commit, where the iteration is absent.
 * https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-statuses/list
 */
export const statusesSchema = z.array(
  z.object({
    id: z.number().int(),
    state: text(100).nullish(),
    description: z.string().nullish(),
    targetUrl: z.string().nullish(),
    context: z.object({ name: z.string().nullish(), genre: z.string().nullish() }).nullish(),
    iterationId: z.number().int().nullish(),
  }),
);
export type AzureStatus = z.output<typeof statusesSchema>[number];

const policy = z.object({
  type: z.object({ id: text(100) }),
  isEnabled: z.boolean().nullish(),
  isBlocking: z.boolean().nullish(),
  isDeleted: z.boolean().nullish(),
});

/** https://learn.microsoft.com/rest/api/azure/devops/git/policy-configurations/get */
export const policiesSchema = z.array(
  policy.extend({
    settings: z.object({
      statusName: z.string().nullish(),
      statusGenre: z.string().nullish(),
      allowNoFastForward: z.boolean().nullish(),
      allowSquash: z.boolean().nullish(),
      allowRebase: z.boolean().nullish(),
      allowRebaseMerge: z.boolean().nullish(),
      /** Before the other four, it was the only choice. */
      useSquashMerge: z.boolean().nullish(),
    }),
  }),
);
export type AzurePolicy = z.output<typeof policiesSchema>[number];

/** https://learn.microsoft.com/rest/api/azure/devops/policy/evaluations/list */
export const evaluationsSchema = z.array(
  z.object({ status: text(100).nullish(), configuration: policy.nullish() }),
);
export type AzureEvaluation = z.output<typeof evaluationsSchema>[number];

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads/list */
const comment = z.object({
  id: z.number().int(),
  /** Absent where it was deleted. */
  content: z.string().nullish(),
  isDeleted: z.boolean().nullish(),
  author: identity.nullish(),
});
export const threadsSchema = z.array(
  z.object({
    id: z.number().int(),
    isDeleted: z.boolean().nullish(),
    comments: z.array(comment).nullish(),
  }),
);

/** Who has the token: https://learn.microsoft.com/javascript/api/azure-devops-extension-api/connectiondata */
export const connectionSchema = z.object({ authenticatedUser: z.object({ id: text(100) }) });

export const labelsSchema = z.array(z.object({ name: z.string() }));
export const reviewersSchema = z.array(identity);

/** https://learn.microsoft.com/rest/api/azure/devops/ims/identities/read-identities */
const property = z.object({ $value: z.unknown() }).optional().catch(undefined);
export const identitiesSchema = z.array(
  z.object({
    id: text(100),
    providerDisplayName: z.string().nullish(),
    customDisplayName: z.string().nullish(),
    isActive: z.boolean().nullish(),
    isContainer: z.boolean().nullish(),
    properties: z.object({ Account: property, Mail: property }).nullish(),
  }),
);
export type AzureFoundIdentity = z.output<typeof identitiesSchema>[number];

/** A refusal; parses anything. */
export const refusalSchema = z
  .object({ message: z.string().catch('').default(''), typeKey: z.string().catch('').default('') })
  .catch({ message: '', typeKey: '' });
