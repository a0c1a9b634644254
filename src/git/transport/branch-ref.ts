import { isBranchName } from '../../domain/pipeline/branch-name';
import { WindlassError } from '../../domain/errors';

/**
 * The full ref of a branch. Names come from Pipelines, so they are validated before they become an argument.
 * @throws WindlassError invalid-pipeline
 */
export function branchRef(name: string): string {
  if (!isBranchName(name)) {
    throw new WindlassError(
      'invalid-pipeline',
      `${JSON.stringify(name.slice(0, 200))} is not a valid branch name.`,
    );
  }
  return `refs/heads/${name}`;
}
