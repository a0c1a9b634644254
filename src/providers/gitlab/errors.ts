import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { type ApiRefusal, type CallTarget } from '../rest/refusal';

/** Whether GitLab refused to create a merge request because there is an open one. */
export function isDuplicate({ status, words }: ApiRefusal): boolean {
  return status === 409 && /already exists/i.test(words);
}

/** What a refusal to create means. Older versions name missing branches with 422, newer ones by field with 400. */
export function creationFailure(
  refusal: ApiRefusal,
  branches: BranchPair,
  { host, repository }: CallTarget,
): WindlassError {
  const { status, words } = refusal;
  if (status === 400 || status === 422) {
    if (/target.branch.*(does not exist|is invalid)/i.test(words)) {
      return new WindlassError('base-branch-not-found', `${repository} has no branch ${branches.base}.`);
    }
    // A user merged or deleted the branch right after the push: the next attempt sees what is left.
    if (/source.branch.*(does not exist|is invalid)/i.test(words)) {
      return new WindlassError('lease-lost', `${repository} no longer has the branch ${branches.head}.`);
    }
  }
  // Two pushes to one branch at the same time.
  if (/incorrect old value/i.test(words)) {
    return new WindlassError('lease-lost', `${host} answered ${status} (${words}).`);
  }
  return refusal;
}
