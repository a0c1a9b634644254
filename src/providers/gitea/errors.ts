import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { type ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { branchSchema } from './schema';

/** Whether Gitea refused to create a pull request because there is an open one. */
export function isDuplicate({ status, words }: ApiRefusal): boolean {
  return status === 409 && /pull request already exists/i.test(words);
}

/**
 * What a refusal to create means. A missing branch is a bare 404, like a missing repository, so the branches are asked for.
 * @throws WindlassError if that fails
 */
export async function creationFailure(
  api: RepositoryApi,
  refusal: ApiRefusal,
  { head, base }: BranchPair,
  signal: AbortSignal,
): Promise<WindlassError> {
  if (refusal.status !== 404) return refusal;
  const { repository } = api.client.target;
  const isThere = async (branch: string): Promise<boolean> => {
    const get = api.at('GET', `branches/${encodeURIComponent(branch)}`);
    const found = unlessRefused(['repository-not-found'], api.client.request(branchSchema, get, signal));
    return (await found) !== undefined;
  };
  if (await isThere(base)) {
    if (await isThere(head)) return refusal;
    // A user merged or deleted it right after the push: the next attempt sees what is left.
    return new WindlassError('lease-lost', `${repository} no longer has the branch ${head}.`);
  }
  // Also 404 where the token may not see the repository: its list says which.
  await api.client.page(api.list('pulls', { state: 'open' }), signal);
  return new WindlassError('base-branch-not-found', `${repository} has no branch ${base}.`);
}
