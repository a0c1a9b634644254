import { WindlassError } from '../domain/errors';

/** C0 controls, space, DEL and the characters with a meaning in revisions, refspecs and globs. */
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** Whether Git takes it as a branch: the rules of https://git-scm.com/docs/git-check-ref-format, and no leading dash. */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name.endsWith('.')) return false;
  if (forbidden.test(name) || name.includes('..') || name.includes('@{')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/**
 * The full ref of a branch. Names come from Pipelines, so they are checked before they reach an argument list.
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
