import { z } from 'zod';
import { isBranchName } from '../domain/pipeline/branch-name';
import { providerTypes } from '../domain/pipeline/pipeline';
import { readRepositoryUrl } from '../domain/pipeline/repository-url';
import { objectName } from './object-schema';

/** The base branch of the original's documentation's examples. */
const defaultBaseBranch = 'main';

const url = z.string().check((context) => {
  const reading = readRepositoryUrl(context.value);
  if (!reading.ok) context.issues.push({ code: 'custom', message: reading.fault, input: context.value });
});

const branchName = z
  .string()
  .refine(isBranchName, 'is no name that a Git branch can have (see git help check-ref-format)');

const apiUrl = z.string().refine(isApiUrl, {
  message: 'must be an https URL without credentials, query and fragment (http only for a loopback address)',
});

/**
 * `strategy.pull-request`. `secretRef` is required, as in the original's CRD; `baseBranch` is not, as in its
 * documentation, and answers to that documentation's name `branch` too.
 */
export const pullRequestSchema = z
  .strictObject({
    type: z.enum(providerTypes),
    url,
    baseBranch: branchName.optional(),
    branch: branchName.optional(),
    apiUrl: apiUrl.optional(),
    secretRef: z.strictObject({ name: objectName }),
  })
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
