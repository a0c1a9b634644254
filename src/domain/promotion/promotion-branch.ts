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
 * @param ahead newest first; empty when the branch is absent or merged. After the base branch was reset or rewritten, the
 *   commits that it dropped are among them, below ours.
 * @throws WindlassError branch-taken
 */
export function placeOnBranch(
  ahead: readonly AheadCommit[],
  ours: PromotionOfBranch & { readonly version: string; readonly order: OrderKey },
  pullRequestOpen: boolean,
): BranchPlacement {
  const newest = newestPromotion(ahead, ours);
  if (
    ahead.length === 0 ||
    (newest === undefined && upToLast(ahead, isOriginalsCommit).every(isOriginalsCommit))
  )
    return { kind: 'replace' };
  if (newest === undefined) {
    throw new WindlassError('branch-taken', `The branch ${ours.branch} has commits that no promotion made.`);
  }
  if (newest.version !== ours.version && compareOrder(newest.order, ours.order) > 0) {
    return { kind: 'superseded', by: newest.version };
  }
  return { kind: pullRequestOpen && isReviewed(ahead, newest) ? 'append' : 'replace' };
}

/**
 * The newest promotion among the commits, if there is one. What lies below it is the base branch's, as it is or was.
 * @throws WindlassError branch-taken when it belongs to another pipeline or environment
 */
export function newestPromotion(
  ahead: readonly AheadCommit[],
  ours: PromotionOfBranch,
): PromotionCommit | undefined {
  const newest = ahead.flatMap((commit) => parsePromotionMessage(commit.message) ?? [])[0];
  if (
    newest !== undefined &&
    (newest.pipeline !== ours.pipeline || newest.environment !== ours.environment)
  ) {
    throw new WindlassError(
      'branch-taken',
      `The branch ${ours.branch} belongs to the promotions of ${newest.pipeline} into ${newest.environment}.`,
    );
  }
  return newest;
}

/** Whether a reviewer's commits stand on top of one of ours. */
function isReviewed(ahead: readonly AheadCommit[], newest: PromotionCommit): boolean {
  const [head] = ahead;
  if (head === undefined || !isPromotion(head)) return true;
  if (newest.onto !== undefined) return newest.onto === 'branch';
  // By a version that did not write it down: what stands between two promotions is taken for a reviewer's.
  return !upToLast(ahead, isPromotion).every(isPromotion);
}

function isPromotion({ message }: AheadCommit): boolean {
  return parsePromotionMessage(message) !== undefined;
}

/** The commits down to the oldest that is so, or all where none is. */
function upToLast(
  ahead: readonly AheadCommit[],
  is: (commit: AheadCommit) => boolean,
): readonly AheadCommit[] {
  const last = ahead.findLastIndex(is);
  return last < 0 ? ahead : ahead.slice(0, last + 1);
}
