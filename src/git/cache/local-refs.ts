/** The refs of the cache: one for each remote branch that was fetched, under a name that no other can clash with. */
import { createHash } from 'node:crypto';
import { type ObjectReader } from '../process/object-reader';

const namespace = 'refs/windlass/';

/** `a` and `a/b` cannot both be refs, but a remote may have had first one and then the other: hence a hash. */
export function localRef(branch: string): string {
  return namespace + createHash('sha256').update(branch).digest('hex').slice(0, 40);
}

/**
 * The commits that the cache has whole. What is fetched and what is pushed moves these refs by git's own doing: see
 * `remoteConfig`.
 * @returns in the order of `branches`
 */
export async function readLocalRefs(
  reader: ObjectReader,
  branches: readonly string[],
): Promise<(string | undefined)[]> {
  const described = await reader.describe(branches.map(localRef));
  return described.map((commit) => commit?.id);
}
