/**
 * Makes a commit without a work tree and without an index: the trees on the way to the edited files are rewritten, and
 * nothing else is read, however many files there are.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git } from '../process/git-command';
import { readObjects } from './object-reader';
import { type FileEdit, type NewCommit } from '../repository';
import { withPrivateDirectory } from '../process/private-directory';
import { directoryMode, formatTree, isRegularFile, objectId, parseTree, type TreeEntry } from './tree-object';

/** The edits below one directory. */
interface EditedTree {
  readonly files: Map<string, string>;
  readonly directories: Map<string, EditedTree>;
}

/** @returns the id of the commit: the same for the same input */
export async function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const like = commit.parent;
  const root = editedTree();
  for (const edit of commit.edits) addEdit(root, edit, like);
  const blobs = commit.edits.map(({ content }) => content);
  const trees: Buffer[] = [];
  const loaded = await loadTrees(git, await rootTreeOf(git, commit.parent), root);
  const tree = rewriteTree(root, loaded, trees, like);
  await writeObjects(git, 'blob', blobs, like);
  await writeObjects(git, 'tree', trees, like);
  return commitTree(git, commit, tree);
}

function editedTree(): EditedTree {
  return { files: new Map(), directories: new Map() };
}

function addEdit(root: EditedTree, edit: FileEdit, like: string): void {
  const parts = edit.path.split('/');
  const name = parts.pop() ?? '';
  let directory = root;
  for (const part of parts) {
    const next = directory.directories.get(part) ?? editedTree();
    directory.directories.set(part, next);
    directory = next;
  }
  directory.files.set(name, objectId('blob', edit.content, like));
}

async function rootTreeOf(git: Git, commit: string): Promise<string> {
  return (await git.text(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`])).trim();
}

/** Reads the trees on the way to the edits, one process for each level of directories. */
async function loadTrees(
  git: Git,
  rootId: string,
  root: EditedTree,
): Promise<ReadonlyMap<EditedTree, TreeEntry[]>> {
  const loaded = new Map<EditedTree, TreeEntry[]>();
  let level = [{ edited: root, id: rootId }];
  while (level.length > 0) {
    const ids = level.map(({ id }) => id);
    const objects = await readObjects(git, ids);
    const next: typeof level = [];
    level.forEach(({ edited, id }, index) => {
      const entries = parseTree(objects[index]?.content ?? Buffer.alloc(0), id.length / 2);
      loaded.set(edited, entries);
      for (const [name, below] of edited.directories) {
        next.push({ edited: below, id: findEntry(entries, name, (mode) => mode === directoryMode).id });
      }
    });
    level = next;
  }
  return loaded;
}

function findEntry(entries: readonly TreeEntry[], name: string, fits: (mode: string) => boolean): TreeEntry {
  const bytes = Buffer.from(name);
  const entry = entries.find((candidate) => candidate.name.equals(bytes));
  if (entry === undefined || !fits(entry.mode)) {
    throw new Error(`an edit names ${JSON.stringify(name)}, which the commit does not have`);
  }
  return entry;
}

/**
 * Rewrites one tree, its edited sub-trees first.
 * @param written collects the new trees' bytes
 * @returns the new tree's id
 */
function rewriteTree(
  edited: EditedTree,
  loaded: ReadonlyMap<EditedTree, TreeEntry[]>,
  written: Buffer[],
  like: string,
): string {
  const entries = loaded.get(edited) ?? [];
  const replaced = new Map<TreeEntry, string>();
  for (const [name, blob] of edited.files) replaced.set(findEntry(entries, name, isRegularFile), blob);
  for (const [name, below] of edited.directories) {
    const entry = findEntry(entries, name, (mode) => mode === directoryMode);
    replaced.set(entry, rewriteTree(below, loaded, written, like));
  }
  const tree = formatTree(entries.map((entry) => ({ ...entry, id: replaced.get(entry) ?? entry.id })));
  written.push(tree);
  return objectId('tree', tree, like);
}

/** Writes objects of one type with one process, which takes them from files. */
async function writeObjects(
  git: Git,
  type: 'blob' | 'tree',
  contents: readonly Buffer[],
  like: string,
): Promise<void> {
  await withPrivateDirectory(async (directory) => {
    const paths = contents.map((_, index) => join(directory, String(index)));
    await Promise.all(paths.map((path, index) => writeFile(path, contents[index] ?? '', { mode: 0o600 })));
    const output = await git.text(['hash-object', '-t', type, '-w', '--no-filters', '--stdin-paths'], {
      input: `${paths.join('\n')}\n`,
    });
    const expected = contents.map((content) => objectId(type, content, like));
    if (output.trim() !== expected.join('\n')) throw new Error(`git wrote other ${type}s than were meant`);
  });
}

async function commitTree(git: Git, commit: NewCommit, tree: string): Promise<string> {
  // With "@" Git takes any number as seconds since the epoch; without, small ones are read as something else.
  const date = `@${Math.floor(commit.at / 1000)} +0000`;
  const id = await git.text(['commit-tree', '-p', commit.parent, '-F', '-', tree], {
    input: commit.message,
    environment: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: commit.author.name,
      GIT_COMMITTER_EMAIL: commit.author.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return id.trim();
}
