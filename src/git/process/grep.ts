import { type Git } from './git-command';

/**
 * Paths of the files of a commit whose bytes contain `text`. Of a commit, git grep reads regular files only.
 * @param pathspecs globs here, unlike elsewhere: `*` matches across directories
 */
export async function grepPaths(
  git: Git,
  commit: string,
  text: string,
  pathspecs: readonly string[],
): Promise<string[]> {
  const found = await git.text(['grep', '-z', '-l', '-F', '-e', text, commit, '--', ...pathspecs], {
    answers: [1],
  });
  return found
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => name.slice(commit.length + 1));
}
