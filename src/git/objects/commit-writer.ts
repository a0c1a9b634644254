/**
 * Makes a commit without a work tree and without an index: the trees on the way to the edited files are rewritten, and
 * nothing else is read, however many files there are.
 */
import { type ObjectReader } from '../process/object-reader';
import { type Commit, type NewCommit } from '../repository';
import { type CommitSigner } from '../signing/commit-signer';
import { formatCommit, parseCommit } from './commit-object';
import { writeObject } from './loose-object';
import { entryAt, loadPathTrees, type PathTree } from './path-trees';
import { readCommit } from './stored-objects';
import { formatTree, isRegularFile, nameOf } from './tree-object';

/**
 * @param repository the bare repository's directory
 * @param sign called where the commit names a signing key
 */
export async function writeCommit(
  reader: ObjectReader,
  repository: string,
  { parent, edits, signingKey, ...rest }: NewCommit,
  sign: CommitSigner,
): Promise<Commit> {
  const base = await readCommit(reader, parent);
  const root = await loadPathTrees(
    reader,
    base.tree,
    edits.map(({ path }) => path),
  );
  const blobs = new Map<string, string>();
  for (const { path, content } of edits) {
    if (!isRegularFile(entryAt(root, path)?.mode ?? '')) {
      throw new Error(`an edit names ${JSON.stringify(path)}, which the commit does not have`);
    }
    blobs.set(path, await writeObject(repository, 'blob', content, parent));
  }
  const tree = await writeTree(root, '', blobs, (content) =>
    writeObject(repository, 'tree', content, parent),
  );
  const unsigned = { ...rest, tree, parents: [parent] };
  const signature = signingKey && (await sign(signingKey, formatCommit(unsigned)));
  const content = formatCommit(unsigned, signature);
  return parseCommit(await writeObject(repository, 'commit', content, parent), content);
}

/**
 * Rewrites one tree, its edited sub-trees first.
 * @param blobs ids of the new contents, by path
 * @returns the new tree's id
 */
async function writeTree(
  tree: PathTree,
  prefix: string,
  blobs: ReadonlyMap<string, string>,
  write: (content: Buffer) => Promise<string>,
): Promise<string> {
  const replaced = new Map<string, string>();
  for (const name of tree.files.keys()) {
    const blob = blobs.get(prefix + name);
    if (blob !== undefined) replaced.set(name, blob);
  }
  for (const [name, below] of tree.directories) {
    replaced.set(name, await writeTree(below, `${prefix}${name}/`, blobs, write));
  }
  return write(
    formatTree(tree.entries.map((entry) => ({ ...entry, id: replaced.get(nameOf(entry)) ?? entry.id }))),
  );
}
