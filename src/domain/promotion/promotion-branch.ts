/** Decides what a promotion does with the existing promotion branch. */
import { WindlassError } from '../errors';
import { compareOrder, type OrderKey } from '../lane/order';
import { isOriginalsCommit, parsePromotionMessage, type PromotionCommit } from './promotion-commit';

/** A commit of the promotion branch that the base branch does not have. */
export interface AheadCommit {
  readonly id: string;
  readonly author: string;
  readonly message: string;
}

/** The expected owner of the branch; `pipeline` as `namespace/name`. */
export interface PromotionOfBranch {
  readonly branch: string;
  readonly pipeline: string;
  readonly environment: string;
}

export type BranchPlacement =
  /** Create the commit on the base's head and replace the branch. */
  | { readonly kind: 'replace' }
  /** Create the commit on the branch's head: a reviewer's commits stay. */
  | { readonly kind: 'append' }
  /** The branch already contains a newer promotion. */
  | { readonly kind: 'superseded'; readonly by: string };

/**
 * @param ahead newest first; empty if the branch is absent or merged
 * @throws WindlassError branch-taken
 */
export function placeOnBranch(
  ahead: readonly AheadCommit[],
  ours: PromotionOfBranch & { readonly version: string; readonly order: OrderKey },
  pullRequestOpen: boolean,
): BranchPlacement {
  const newest = newestPromotion(ahead, ours);
  if (ahead.length === 0 || (newest === undefined && ahead.every(isOriginalsCommit)))
    return { kind: 'replace' };
  if (newest === undefined) {
    throw new WindlassError('branch-taken', `The branch ${ours.branch} has commits that no promotion made.`);
  }
  if (newest.version !== ours.version && compareOrder(newest.order, ours.order) > 0) {
    return { kind: 'superseded', by: newest.version };
  }
  const reviewed = ahead.some((commit) => parsePromotionMessage(commit.message) === undefined);
  return { kind: reviewed && pullRequestOpen ? 'append' : 'replace' };
}

/**
 * The newest promotion among the commits, if there is one.
 * @throws WindlassError branch-taken if one of them belongs to another pipeline or environment
 */
export function newestPromotion(
  ahead: readonly AheadCommit[],
  ours: PromotionOfBranch,
): PromotionCommit | undefined {
  const promotions = ahead.flatMap((commit) => parsePromotionMessage(commit.message) ?? []);
  const foreign = promotions.find(
    (commit) => commit.pipeline !== ours.pipeline || commit.environment !== ours.environment,
  );
  if (foreign !== undefined) {
    throw new WindlassError(
      'branch-taken',
      `The branch ${ours.branch} belongs to the promotions of ${foreign.pipeline} into ${foreign.environment}.`,
    );
  }
  return promotions[0];
}
