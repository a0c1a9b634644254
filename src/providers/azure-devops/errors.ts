import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { type ApiRefusal } from '../rest/refusal';
import { refOf } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { refsSchema, refusalSchema } from './schema';

/** The name of the exception behind a refusal, which does not depend on the language of its words. */
export function exceptionOf(refusal: ApiRefusal): string {
  return refusalSchema.parse(refusal.body).typeKey;
}

/** Whether Azure DevOps refused to create a pull request because there is an open one. */
export function isDuplicate(refusal: ApiRefusal): boolean {
  return exceptionOf(refusal) === 'GitPullRequestExistsException' || /TF401179/.test(refusal.words);
}

/** Whether there is no such pull request, while there is such a repository. */
export function isNoPullRequest(refusal: ApiRefusal): boolean {
  return exceptionOf(refusal) === 'GitPullRequestNotFoundException' || /TF401180/.test(refusal.words);
}

/** What a refusal to create means. Azure DevOps says that a branch is missing, and not which. */
export async function creationFailure(
  api: RepositoryApi,
  refusal: ApiRefusal,
  { head, base }: BranchPair,
  signal: AbortSignal,
): Promise<WindlassError> {
  if (exceptionOf(refusal) !== 'GitPullRequestCannotBeActivated' && !/TF401398/.test(refusal.words)) {
    return refusal;
  }
  const { repository } = api.client.target;
  if (!(await hasBranch(api, base, signal)))
    return new WindlassError('base-branch-not-found', `${repository} has no branch ${base}.`);
  // A user merged or deleted the branch right after the push: the next attempt sees what is left.
  return new WindlassError('lease-lost', `${repository} no longer has the branch ${head}.`);
}

async function hasBranch(
  { client, git }: RepositoryApi,
  branch: string,
  signal: AbortSignal,
): Promise<boolean> {
  // Everything that begins like this.
  const list = git('GET', 'refs', { filter: `heads/${branch}` });
  return (await client.request(refsSchema, list, signal)).some(({ name }) => name === refOf(branch));
}
