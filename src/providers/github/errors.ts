import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { type ApiRefusal, type CallTarget } from '../rest/refusal';
import { refusalSchema } from './schema';

/** Whether GitHub refused to create a pull request because there is an open one. */
export function isDuplicate(refusal: ApiRefusal): boolean {
  const { errors } = refusalSchema.parse(refusal.body);
  return refusal.status === 422 && errors.some(({ message }) => /already exists/i.test(message ?? ''));
}

/** What a refusal to create means: GitHub gives a list of faults in the input. */
export function creationFailure(
  refusal: ApiRefusal,
  branches: BranchPair,
  { repository }: CallTarget,
): WindlassError {
  const { errors } = refusalSchema.parse(refusal.body);
  if (errors.some(({ field, code }) => field === 'base' && code === 'invalid')) {
    return new WindlassError('base-branch-not-found', `${repository} has no branch ${branches.base}.`);
  }
  // Both happen when a user merges, deletes or resets the branch right after the push: the next attempt sees what is left.
  if (errors.some(({ field, code }) => field === 'head' && code === 'invalid')) {
    return new WindlassError('lease-lost', `${repository} no longer has the branch ${branches.head}.`);
  }
  if (errors.some(({ message }) => /^no commits between/i.test(message ?? ''))) {
    return new WindlassError(
      'lease-lost',
      `The branch ${branches.head} of ${repository} has no commit that ${branches.base} lacks.`,
    );
  }
  return refusal;
}
