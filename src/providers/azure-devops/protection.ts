import { type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { isGates } from './gates-status';
import { refOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type AzurePolicy, policiesSchema, repositorySchema } from './schema';

/** https://learn.microsoft.com/azure/devops/repos/git/pr-status-policy */
const statusPolicy = 'cbdc66da-9728-4af8-aada-9a5a32e4a226';
const notForThisToken = ['forbidden', 'repository-not-found'] as const;

/** Every reader may see a branch's policies. A conditional one counts: it applies from the first status on. */
export function requiresCheckOn(api: RepositoryApi): PullRequestProvider['requiresCheck'] {
  const { client, git } = api;
  return async (base, signal) => {
    const found = await unlessRefused(
      notForThisToken,
      client.request(repositorySchema, git('GET', ''), signal),
    );
    if (found === undefined) return undefined;
    const asked = policiesInForce(api, { repository: found.id, base, type: statusPolicy }, signal);
    return (await unlessRefused(notForThisToken, asked))?.some(({ settings }) =>
      isGates({ name: settings.statusName, genre: settings.statusGenre }),
    );
  };
}

/** The policies of a kind that must be met before a pull request into the branch is completed. */
export async function policiesInForce(
  { client, ofProject }: RepositoryApi,
  { repository, base, type }: { readonly repository: string; readonly base: string; readonly type: string },
  signal: AbortSignal,
): Promise<readonly AzurePolicy[]> {
  const which = { repositoryId: repository, refName: refOf(base), policyType: type };
  const found = await client.request(policiesSchema, ofProject('git/policy/configurations', which), signal);
  return found.filter(
    (each) =>
      each.type.id === type && each.isEnabled === true && each.isBlocking === true && each.isDeleted !== true,
  );
}
