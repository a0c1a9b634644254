import { parseCommit } from './commit-object';
import { type Git } from '../process/git-command';
import { readObjects } from './object-reader';
import { type BranchHeads, type Commit } from '../repository';

/**
 * Commits of history to fetch with a promotion branch: mostly enough to see where it parts from the base, which then
 * takes no fetch of its own.
 */
export const usualHistory = 32;
/** How much is fetched where that is too little, in turn; the last is git's word for all of it. */
const depths = [1_000, 2_147_483_647] as const;

/**
 * The commits of `promotion` that `base` does not have, newest first, at most `limit`.
 * @param deepen fetches both branches with that many commits of history
 */
export async function listCommitsAhead(
  git: Git,
  { base, promotion }: BranchHeads,
  limit: number,
  deepen: (depth: number) => Promise<void>,
): Promise<readonly Commit[]> {
  if (promotion === undefined || promotion === base) return [];
  let listed = await list(git, promotion, base);
  for (const depth of depths) {
    // In a shallow history a commit without parents may be the end of what was fetched: what lies behind it may well be
    // reachable from the base, so the list is not to be trusted yet.
    if (listed.every(({ hasParents }) => hasParents)) break;
    await deepen(depth);
    listed = await list(git, promotion, base);
  }
  return readCommits(
    git,
    listed.slice(0, limit).map(({ id }) => id),
  );
}

async function list(
  git: Git,
  promotion: string,
  base: string,
): Promise<{ id: string; hasParents: boolean }[]> {
  const output = await git.text(['rev-list', '--topo-order', '--parents', promotion, `^${base}`, '--']);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', ...parents] = line.split(' ');
      return { id, hasParents: parents.length > 0 };
    });
}

async function readCommits(git: Git, ids: readonly string[]): Promise<Commit[]> {
  const objects = await readObjects(git, ids);
  return ids.map((id, index) => parseCommit(id, objects[index]?.content ?? Buffer.alloc(0)));
}
