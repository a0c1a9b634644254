/** C0 controls, space, DEL and the characters with a meaning in revisions, refspecs and globs. */
const forbidden = /[\u0000-\u0020\u007f~^:?*[\\]/;

/** A ref may be a file: 255 bytes, minus what git appends to its name. */
const maxLength = 250;

/**
 * Whether Git accepts the branch name: the rules of https://git-scm.com/docs/git-check-ref-format, and no leading dash.
 */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.length > maxLength || name.startsWith('-')) return false;
  if (name.endsWith('.') || name.includes('..') || name.includes('@{') || forbidden.test(name)) return false;
  return name.split('/').every((step) => step !== '' && !step.startsWith('.') && !step.endsWith('.lock'));
}
