import { z } from 'zod';
import { isBranchName } from '../domain/pipeline/branch-name';
import { providerTypes } from '../domain/pipeline/pipeline';
import { readRepositoryUrl } from '../domain/pipeline/repository-url';
import { secretRefSchema } from './reference-schemas';

/** The base branch of the original's documentation's examples. */
const defaultBaseBranch = 'main';

const url = z.string().check((context) => {
  const reading = readRepositoryUrl(context.value);
  if (!reading.ok) context.issues.push({ code: 'custom', message: reading.fault, input: context.value });
});

const branchName = z
  .string()
  .refine(isBranchName, 'is no name that a Git branch can have (see git help check-ref-format)');

const apiUrlLength = 1024;

const apiUrl = z
  .string()
  .max(apiUrlLength)
  .refine(isApiUrl, {
    message:
      'must be an https URL without credentials, query and fragment (http only for a loopback address)',
  })
  .meta({
    description:
      "Where the service's API is, when it is not where the repository's host says. An https URL without credentials, query and fragment; http for a loopback address only.",
    // pipeline-controller did not know the field, so that no object of its time can fail this.
    crd: {
      maxLength: apiUrlLength,
      pattern:
        '^(https://[^/?#@\\s]+|http://(localhost|127(\\.[0-9]+){3}|\\[::1\\])(:[0-9]+)?)(/[^?#\\s]*)?$',
    },
  });

/**
 * `strategy.pull-request`. `secretRef` is required, as in the original's CRD; `baseBranch` is not, as in its
 * documentation, and answers to that documentation's name `branch` too.
 */
export const pullRequestSchema = z
  .strictObject({
    type: z.enum(providerTypes).describe('The kind of Git hosting service that the repository is on.'),
    url: url.describe(
      'The repository with the manifests: an https, http, ssh or scp-like URL, without credentials in it.',
    ),
    baseBranch: branchName
      .optional()
      .describe(
        `The branch that pull requests are to be merged into. Without it (and without branch): ${defaultBaseBranch}. The branch that a pull request comes from is named by Windlass.`,
      ),
    branch: branchName
      .optional()
      .describe('Another name of baseBranch. Where both are given they must be equal.'),
    apiUrl: apiUrl.optional(),
    secretRef: secretRefSchema.describe(
      "The Secret, in the Pipeline's namespace, with the credentials for Git as a Flux GitRepository's Secret has them (username and password, bearerToken, or identity and known_hosts; ca.crt), and with token for the service's API.",
    ),
  })
  .describe(
    'Promotes by a pull request (or merge request) that sets the new version at the markers of the environment.',
  )
  .refine(
    ({ baseBranch, branch }) => baseBranch === undefined || branch === undefined || baseBranch === branch,
    {
      path: ['branch'],
      message: 'is another name of baseBranch and says something else: remove one of them',
    },
  )
  .transform(({ baseBranch, branch, secretRef, apiUrl: address, ...rest }) => ({
    kind: 'pull-request' as const,
    provider: rest.type,
    url: rest.url,
    baseBranch: baseBranch ?? branch ?? defaultBaseBranch,
    ...(address === undefined ? {} : { apiUrl: address }),
    secretName: secretRef.name,
  }));

function isApiUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const address = new URL(text);
  const plain = address.protocol === 'http:' && isLoopback(address.hostname);
  if (address.protocol !== 'https:' && !plain) return false;
  return [address.username, address.password, address.search, address.hash].every((part) => part === '');
}

/** The URL parser has written every way of spelling an IPv4 address as four numbers. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
