import { z } from 'zod';
import { loopbackHostPattern } from '../domain/network/loopback';
import { isReadableOnTheWay } from '../domain/network/plain-http';
import { isBranchName } from '../domain/pipeline/branch-name';
import { providerTypes } from '../domain/pipeline/pipeline';
import { repositoryPageFault } from '../domain/pipeline/repository-page';
import { readRepositoryUrl } from '../domain/pipeline/repository-url';
import { commitSchema } from './commit-schema';
import { pullRequestStyleFields, styleSettings } from './pull-request-style-schema';
import { secretRefSchema } from './reference-schemas';

/** The base branch of the examples in pipeline-controller's documentation. */
const defaultBaseBranch = 'main';

const url = z.string().check((context) => {
  const reading = readRepositoryUrl(context.value);
  if (!reading.ok) context.issues.push({ code: 'custom', message: reading.fault, input: context.value });
});

const branchName = z
  .string()
  .refine(
    (text) => isBranchName(withoutRef(text)),
    'is not a valid name of a Git branch (see git help check-ref-format)',
  )
  .refine(
    (text) => !/^refs\/(?!heads\/)/.test(text),
    'is not a branch: write its name alone, or refs/heads/NAME',
  );

/** The branch's name, where the whole name of its ref may stand. */
function withoutRef(text: string): string {
  return text.replace(/^refs\/heads\//, '');
}

const apiUrlLength = 1024;

const apiUrl = z
  .string()
  .max(apiUrlLength)
  .refine(isApiUrl, {
    error: 'must be an https URL without credentials, query and fragment (http only for a loopback address)',
  })
  .meta({
    description:
      "The URL of the service's API, if it is not the default for the repository's host. An https URL without credentials, query and fragment; http for a loopback address only.",
    // pipeline-controller did not have the field, so none of its objects can violate this rule.
    crd: {
      maxLength: apiUrlLength,
      pattern: `^(https://[^/?#@\\s]+|http://${loopbackHostPattern}(:[0-9]+)?)(/[^?#\\s]*)?$`,
    },
  });

/**
 * `strategy.pull-request`. `secretRef` is required, as in pipeline-controller's CRD; `baseBranch` is not, as in its
 * documentation, and has that documentation's name `branch` as an alias.
 */
export const pullRequestSchema = z
  .strictObject({
    type: z.enum(providerTypes).describe('The Git hosting service of the repository.'),
    url: url.describe(
      'The repository with the manifests: an https, http, ssh or scp-like URL. Must not contain credentials.',
    ),
    baseBranch: branchName
      .optional()
      .describe(`The branch that pull requests are merged into. The default is ${defaultBaseBranch}.`),
    branch: branchName.optional().describe('An alias of baseBranch. If both are set, they must be equal.'),
    apiUrl: apiUrl.optional(),
    secretRef: secretRefSchema.describe(
      "The Secret in the Pipeline's namespace with the credentials for Git, in the format of a Flux GitRepository's Secret (username and password, bearerToken, or identity and known_hosts; ca.crt), and with token for the service's API.",
    ),
    commit: commitSchema.optional(),
    ...pullRequestStyleFields,
  })
  .describe(
    'Promotes by a pull request (or merge request) that sets the new version at the markers of the environment.',
  )
  .refine(
    ({ baseBranch, branch }) =>
      baseBranch === undefined || branch === undefined || withoutRef(baseBranch) === withoutRef(branch),
    {
      path: ['branch'],
      error: 'is an alias of baseBranch with another value: remove one of them',
    },
  )
  .check(({ value, issues }) => {
    const reading = readRepositoryUrl(value.url);
    const fault = reading.ok ? repositoryPageFault(value.type, reading.url) : undefined;
    if (fault !== undefined) issues.push({ code: 'custom', path: ['url'], message: fault, input: value.url });
  })
  .transform(
    ({ baseBranch, branch, secretRef, apiUrl: address, commit, type, url: repository, ...style }) => ({
      kind: 'pull-request' as const,
      provider: type,
      url: repository,
      baseBranch: withoutRef(baseBranch ?? branch ?? defaultBaseBranch),
      ...(address === undefined ? {} : { apiUrl: address }),
      secretName: secretRef.name,
      ...(commit === undefined ? {} : { commit }),
      ...styleSettings(style),
    }),
  );

function isApiUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const address = new URL(text);
  if (!/^https?:$/.test(address.protocol) || isReadableOnTheWay(address)) return false;
  return [address.username, address.password, address.search, address.hash].every((part) => part === '');
}
