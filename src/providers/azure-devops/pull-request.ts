import { type BranchPair, type PullRequest } from '../port';
import { type RepositoryApi } from './repository-api';
import { type AzureIdentity, type AzurePullRequest, pullRequestSchema } from './schema';

/** As many characters of a description are in a list: https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/get-pull-requests */
const listedDescription = 400;

export function refOf(branch: string): string {
  return `refs/heads/${branch}`;
}

/** Forks may use the same branch name. */
export function joins(listed: AzurePullRequest, { head, base }: BranchPair): boolean {
  return isOwn(listed) && listed.sourceRefName === refOf(head) && listed.targetRefName === refOf(base);
}

export function isOwn({ forkSource }: AzurePullRequest): boolean {
  return forkSource === undefined || forkSource === null;
}

/** The API names no page. */
export function pullRequestOf(
  { repository }: Pick<RepositoryApi, 'repository'>,
  { pullRequestId: number, title, description }: AzurePullRequest,
): PullRequest {
  return { number, url: `${repository.webUrl}/pullrequest/${number}`, title, body: description ?? '' };
}

export async function readPullRequest(
  { client, git }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<AzurePullRequest> {
  return client.request(pullRequestSchema, git('GET', `pullrequests/${number}`), signal);
}

/** One out of a list, with its whole description. */
export async function wholePullRequest(
  api: RepositoryApi,
  listed: AzurePullRequest,
  signal: AbortSignal,
): Promise<AzurePullRequest> {
  const isWhole = (listed.description ?? '').length < listedDescription;
  return isWhole ? listed : readPullRequest(api, listed.pullRequestId, signal);
}

/** The name by which people know an account, up to 255 UTF-16 code units. */
export function nameOf({ uniqueName, displayName, id }: AzureIdentity): string {
  const name = [uniqueName, displayName].find((each) => each !== undefined && each !== null && each !== '');
  return (name ?? id).slice(0, 255).toWellFormed();
}
