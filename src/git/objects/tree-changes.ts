/** What differs between two trees. Only directories that differ are read. */
import { type ObjectReader } from '../process/object-reader';
import { walkTrees, type TreeWalk } from './stored-objects';
import { directoryMode, nameOf, type TreeEntry } from './tree-object';

/** Two directories of the same path; one of them may be absent. */
interface Pair {
  readonly prefix: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * @param limit of paths and directories
 * @returns the entries of `to` that `from` lacks or has otherwise, and undefined for what is gone, by path; undefined
 *   when there are more than the limit
 */
export async function listTreeChanges(
  reader: ObjectReader,
  from: string,
  to: string,
  limit: number,
): Promise<ReadonlyMap<string, TreeEntry | undefined> | undefined> {
  const changes = new Map<string, TreeEntry | undefined>();
  let level: Pair[] = from === to ? [] : [{ prefix: '', from, to }];
  const readTrees = walkTrees(reader);
  for (let seen = 0; level.length > 0;) {
    seen += level.length;
    const trees = await readPairs(readTrees, level);
    level = level.flatMap((pair, index) => comparePair(pair, trees[index], changes));
    if (seen + level.length > limit || changes.size > limit) return undefined;
  }
  return changes;
}

type Entries = ReadonlyMap<string, TreeEntry>;

async function readPairs(
  readTrees: TreeWalk,
  pairs: readonly Pair[],
): Promise<{ readonly from: Entries; readonly to: Entries }[]> {
  const ids = pairs.flatMap(({ from, to }) => [from, to]).filter((id) => id !== undefined);
  const trees = await readTrees(ids);
  let next = 0;
  const take = (id: string | undefined): Entries =>
    new Map((id === undefined ? [] : (trees[next++] ?? [])).map((entry) => [nameOf(entry), entry]));
  return pairs.map(({ from, to }) => ({ from: take(from), to: take(to) }));
}

/** Notes files in `changes`. @returns the directories to be compared next */
function comparePair(
  { prefix }: Pair,
  trees: { readonly from: Entries; readonly to: Entries } | undefined,
  changes: Map<string, TreeEntry | undefined>,
): Pair[] {
  const { from, to } = trees ?? { from: new Map<string, TreeEntry>(), to: new Map<string, TreeEntry>() };
  const below: Pair[] = [];
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const [before, after] = [from.get(name), to.get(name)];
    if (before?.id === after?.id && before?.mode === after?.mode) continue;
    const [directoryBefore, directoryAfter] = [directoryId(before), directoryId(after)];
    if (directoryBefore !== undefined || directoryAfter !== undefined) {
      below.push({ prefix: `${prefix}${name}/`, from: directoryBefore, to: directoryAfter });
    }
    const file = directoryAfter === undefined ? after : undefined;
    if (file !== undefined || (before !== undefined && directoryBefore === undefined)) {
      changes.set(prefix + name, file);
    }
  }
  return below;
}

function directoryId(entry: TreeEntry | undefined): string | undefined {
  return entry?.mode === directoryMode ? entry.id : undefined;
}
