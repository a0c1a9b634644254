/** The trees on the way to some files: all that has to be read to find or to change them, however many others there are. */
import { type ObjectReader } from '../process/object-reader';
import { walkTrees } from './stored-objects';
import { directoryMode, nameOf, type TreeEntry } from './tree-object';

export interface PathTree {
  readonly entries: readonly TreeEntry[];
  /** The directories that one of the files is in, by name. */
  readonly directories: ReadonlyMap<string, PathTree>;
  /** The files right in here, by name; undefined for one that the tree does not have. */
  readonly files: ReadonlyMap<string, TreeEntry | undefined>;
}

interface Loading {
  readonly id: string;
  /** Each split into its parts, of which the first `depth` lead to this tree. */
  readonly paths: readonly (readonly string[])[];
  readonly depth: number;
  readonly attach: (tree: PathTree) => void;
}

/** Reads them level by level, one question for each. Paths whose directory is absent lead nowhere. */
export async function loadPathTrees(
  reader: ObjectReader,
  root: string,
  paths: readonly string[],
): Promise<PathTree> {
  const result: { tree: PathTree } = { tree: { entries: [], directories: new Map(), files: new Map() } };
  let level: Loading[] = [
    {
      id: root,
      paths: paths.map((path) => path.split('/')),
      depth: 0,
      attach: (tree) => (result.tree = tree),
    },
  ];
  const readTrees = walkTrees(reader);
  while (level.length > 0) {
    const trees = await readTrees(level.map(({ id }) => id));
    level = level.flatMap((loading, index) => attachTree(loading, trees[index] ?? []));
  }
  return result.tree;
}

/** @returns the trees to be read next */
function attachTree({ paths, depth, attach }: Loading, entries: readonly TreeEntry[]): Loading[] {
  const byName = new Map(entries.map((entry) => [nameOf(entry), entry]));
  const directories = new Map<string, PathTree>();
  const files = new Map<string, TreeEntry | undefined>();
  const below = new Map<string, (readonly string[])[]>();
  for (const path of paths) {
    const name = path[depth] ?? '';
    if (depth === path.length - 1) {
      files.set(name, byName.get(name));
      continue;
    }
    const beside = below.get(name);
    if (beside === undefined) below.set(name, [path]);
    else beside.push(path);
  }
  attach({ entries, directories, files });
  return [...below].flatMap(([name, inside]) => {
    const entry = byName.get(name);
    if (entry?.mode !== directoryMode) return [];
    const attachBelow = (tree: PathTree) => void directories.set(name, tree);
    return [{ id: entry.id, paths: inside, depth: depth + 1, attach: attachBelow }];
  });
}

/** @returns undefined for a path that leads nowhere */
export function entryAt(tree: PathTree, path: string): TreeEntry | undefined {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const directory = parts.reduce<PathTree | undefined>((found, part) => found?.directories.get(part), tree);
  return directory?.files.get(name);
}
