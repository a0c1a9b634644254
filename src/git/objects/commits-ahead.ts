import { type Git } from '../process/git-command';
import { type ObjectReader } from '../process/object-reader';
import { type BranchHeads, type Commit } from '../repository';
import { findCommits, readCommits } from './stored-objects';

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
  reader: ObjectReader,
  { base, promotion }: BranchHeads,
  limit: number,
  deepen: (depth: number) => Promise<void>,
): Promise<readonly Commit[]> {
  if (promotion === undefined || (await isNearAncestor(reader, promotion, base))) return [];
  let listed = await list(git, promotion, base);
  for (const depth of depths) {
    // In a shallow history a commit without parents may be the end of what was fetched: what lies behind it may well be
    // reachable from the base, so the list is not to be trusted yet.
    if (listed.every(({ hasParents }) => hasParents)) break;
    await deepen(depth);
    listed = await list(git, promotion, base);
  }
  return readCommits(
    reader,
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

/**
 * Whether a branch was merged a short while ago, as most that are found were. False proves nothing: `git rev-list`
 * decides then, which takes a process, and simple-git waits another 50 ms for one that has nothing to say.
 */
async function isNearAncestor(reader: ObjectReader, ancestor: string, commit: string): Promise<boolean> {
  const seen = new Set<string>();
  for (let level = [commit]; level.length > 0 && seen.size < usualHistory;) {
    if (level.includes(ancestor)) return true;
    level.forEach((id) => seen.add(id));
    const commits = await findCommits(reader, level);
    const parents = new Set(commits.flatMap((found) => found?.parents ?? []));
    level = [...parents].filter((id) => !seen.has(id));
  }
  return false;
}
