import { type Git } from '../process/git-command';
import { type UnreadFiles } from '../repository';

/** Listed in a message; a repository may have thousands. */
const listed = 10;
/** First line of a pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const lfsPointer = 'version https://git-lfs.github.com/spec/v1';

/** Files of a commit that a search for `text` passes over: with other names, or with their content in Git LFS. */
export async function findUnreadFiles(git: Git, commit: string, text: string): Promise<UnreadFiles> {
  const grep = async (needle: string, pathspecs: readonly string[]): Promise<string[]> => {
    const args = ['grep', '-z', '-l', '-F', '-e', needle, commit, '--', ...pathspecs];
    const found = (await git.text(args, { answers: [1] })).split('\0').filter((name) => name !== '');
    return found.slice(0, listed).map((name) => name.slice(commit.length + 1));
  };
  return {
    otherNames: await grep(text, [':(exclude)*.yaml', ':(exclude)*.yml']),
    lfsPointers: await grep(lfsPointer, ['*.yaml', '*.yml']),
  };
}
