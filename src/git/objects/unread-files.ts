import { clipText } from '../../domain/names';
import { type Git } from '../process/git-command';
import { isTooLarge } from '../process/git-failure';
import { grepPaths } from '../process/grep';
import { type UnreadFiles } from '../repository';

/** Listed in a message; a repository may have thousands. */
const listed = 10;
const maxShownBytes = 300;
/** First line of a pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/v1';

/** Files of a commit that a search for `text` passes over: with other names, or with their content in Git LFS. */
export async function findUnreadFiles(git: Git, commit: string, text: string): Promise<UnreadFiles> {
  const grep = async (needle: string, pathspecs: readonly string[]): Promise<string[]> =>
    (await grepPaths(git, commit, needle, pathspecs).catch(noneIfTooMany))
      .slice(0, listed)
      .map((path) => clipText(path, maxShownBytes));
  return {
    otherNames: await grep(text, [':(exclude)*.yaml', ':(exclude)*.yml']),
    lfsPointers: await grep(lfsPointer, ['*.yaml', '*.yml']),
  };
}

/** They are only a hint for the message of a failure that has another reason. */
function noneIfTooMany(error: unknown): string[] {
  if (isTooLarge(error)) return [];
  throw error;
}
