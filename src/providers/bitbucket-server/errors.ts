import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { ApiRefusal, type CallTarget } from '../rest/refusal';
import { type RefusedReviewer, refusalSchema } from './schema';

/** The exceptions that a refusal names, without their packages, of which Stash has others than Bitbucket. */
export function exceptionsIn(body: unknown): readonly string[] {
  return refusalSchema.parse(body).map(({ exceptionName }) => exceptionName.split('.').at(-1) ?? '');
}

/** Whether Bitbucket refused for this reason. @param exception its simple name */
export function isRefusedFor(error: unknown, exception: string): boolean {
  return error instanceof ApiRefusal && exceptionsIn(error.body).includes(exception);
}

/** Whether there is no pull request of that number. Of any other 404, the repository is missing. */
export function isNoPullRequest(error: unknown): boolean {
  return isRefusedFor(error, 'NoSuchPullRequestException');
}

/** The reviewers that Bitbucket did not take, with its reasons. */
export function refusedReviewers(error: unknown): readonly RefusedReviewer[] {
  if (!(error instanceof ApiRefusal)) return [];
  return refusalSchema.parse(error.body).flatMap(({ reviewerErrors }) => reviewerErrors);
}

/**
 * What a refusal to create means.
 * @param headOf the commit that a branch is at; undefined where there is no such branch
 */
export async function creationFailure(
  refusal: ApiRefusal,
  { head, base }: BranchPair,
  { repository }: CallTarget,
  headOf: (branch: string) => Promise<string | undefined>,
): Promise<WindlassError> {
  // A user merged or reset the branch right after the push: the next attempt sees what is left.
  if (isRefusedFor(refusal, 'EmptyPullRequestException')) {
    return new WindlassError('lease-lost', `${head} has nothing that ${base} lacks in ${repository}.`);
  }
  // For a branch that is missing and for a repository: the branches themselves say which.
  if (refusal.status !== 404) return refusal;
  if ((await headOf(base)) === undefined) {
    return new WindlassError('base-branch-not-found', `${repository} has no branch ${base}.`);
  }
  if ((await headOf(head)) === undefined) {
    return new WindlassError('lease-lost', `${repository} no longer has the branch ${head}.`);
  }
  return refusal;
}
