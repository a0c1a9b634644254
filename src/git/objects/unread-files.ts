import { type Git } from '../process/git-command';
import { grepPaths } from '../process/grep';
import { type UnreadFiles } from '../repository';

/** Listed in a message; a repository may have thousands. */
const listed = 10;
/** First line of a pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/v1';

/** Files of a commit that a search for `text` passes over: with other names, or with their content in Git LFS. */
export async function findUnreadFiles(git: Git, commit: string, text: string): Promise<UnreadFiles> {
  const grep = async (needle: string, pathspecs: readonly string[]): Promise<string[]> =>
    (await grepPaths(git, commit, needle, pathspecs)).slice(0, listed);
  return {
    otherNames: await grep(text, [':(exclude)*.yaml', ':(exclude)*.yml']),
    lfsPointers: await grep(lfsPointer, ['*.yaml', '*.yml']),
  };
}
