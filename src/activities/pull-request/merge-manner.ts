import { type PullRequestStyle } from '../../domain/pipeline/pipeline';
import { type MergeManner } from '../../providers/port';

/** What the Pipeline says of the merge; what it does not say, the repository's settings do. */
export function mergeManner({ squash, deleteBranch }: PullRequestStyle): MergeManner {
  return {
    ...(squash === undefined ? {} : { squash }),
    ...(deleteBranch === undefined ? {} : { deleteBranch }),
  };
}
