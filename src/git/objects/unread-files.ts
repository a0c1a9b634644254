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

/** Files of a commit that a search for `text` passes over: with other names, with their content in Git LFS, links. */
export async function findUnreadFiles(git: Git, commit: string, text: string): Promise<UnreadFiles> {
  const shown = (paths: readonly string[]): string[] =>
    paths.slice(0, listed).map((path) => clipText(path, maxShownBytes));
  const grep = async (needle: string, pathspecs: readonly string[]): Promise<string[]> =>
    shown(await grepPaths(git, commit, needle, pathspecs).catch(noneIfTooMany));
  return {
    otherNames: await grep(text, [':(exclude)*.yaml', ':(exclude)*.yml']),
    lfsPointers: await grep(lfsPointer, ['*.yaml', '*.yml']),
    symbolicLinks: shown(await linkedManifests(git, commit).catch(noneIfTooMany)),
  };
}

async function linkedManifests(git: Git, commit: string): Promise<string[]> {
  const tree = await git.text(['ls-tree', '-r', '-z', '--full-tree', commit]);
  return tree.split('\0').flatMap((entry) => {
    const path = /^120000 blob [0-9a-f]+\t([^]*\.ya?ml)$/.exec(entry)?.[1];
    return path === undefined ? [] : [path];
  });
}

/** They are only a hint for the message of a failure that has another reason. */
function noneIfTooMany(error: unknown): string[] {
  if (isTooLarge(error)) return [];
  throw error;
}
