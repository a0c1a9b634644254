/** The refs of the cache: one for each remote branch that was fetched, under a name that no other can clash with. */
import { createHash } from 'node:crypto';
import { type Git } from '../process/git-command';

const namespace = 'refs/windlass/';

/** `a` and `a/b` cannot both be refs, but a remote may have had first one and then the other: hence a hash. */
export function localRef(branch: string): string {
  return namespace + createHash('sha256').update(branch).digest('hex').slice(0, 40);
}

/** @returns the commits that the cache has whole, by local ref */
export async function readLocalRefs(git: Git): Promise<ReadonlyMap<string, string>> {
  const output = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', '--', namespace]);
  return new Map(
    output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  );
}

/** Notes a commit that is in the cache already, so that it is not fetched. */
export async function setLocalRef(git: Git, branch: string, commit: string): Promise<void> {
  // Through standard input, since this form reports what it did, and simple-git lingers over silent commands.
  await git.text(['update-ref', '--stdin'], {
    input: `start\nupdate ${localRef(branch)} ${commit}\nprepare\ncommit\n`,
  });
}
