/** Objects that must be in the repository, parsed, each kind within the size that a promotion has a use for. */
import { type ObjectReader } from '../process/object-reader';
import { type GitObject } from '../process/object-answers';
import { type Commit } from '../repository';
import { parseCommit } from './commit-object';
import { parseTree, type TreeEntry } from './tree-object';

/** For one question, bytes: fifty commits with their messages. */
const maxCommitBytes = 4_000_000;
/** For one walk, bytes. A directory of 100,000 files has about 5 MB; in memory, a tree takes about ten times its size. */
const maxTreeBytes = 8_000_000;

/** The cache lacks an object that a tree or a commit in it names, or has another in its place: it is damaged. */
class MissingObject extends Error {
  override readonly name = 'MissingObject';
  constructor(id: string) {
    super(`object ${id} is missing`);
  }
}

/** @returns in the order of `ids`; undefined for commits that the repository lacks */
export async function findCommits(
  reader: ObjectReader,
  ids: readonly string[],
): Promise<(Commit | undefined)[]> {
  const objects = await reader.read(ids, maxCommitBytes);
  return objects.map((object) =>
    object?.type === 'commit' ? parseCommit(object.id, object.content) : undefined,
  );
}

/** @throws MissingObject */
export async function readCommits(reader: ObjectReader, ids: readonly string[]): Promise<Commit[]> {
  const commits = await findCommits(reader, ids);
  return commits.map((commit, index) => present(commit, ids[index]));
}

/** @throws MissingObject */
export async function readCommit(reader: ObjectReader, id: string): Promise<Commit> {
  const [commit] = await readCommits(reader, [id]);
  return present(commit, id);
}

/** Reads the trees of one walk. It throws MissingObject, RangeError for a tree that cannot be read, and WindlassError. */
export type TreeWalk = (ids: readonly string[]) => Promise<TreeEntry[][]>;

/** Begins a walk, whose trees are bounded together: a few objects may stand for any number of directories. */
export function walkTrees(reader: ObjectReader): TreeWalk {
  let left = maxTreeBytes;
  return async (ids) => {
    const objects = await reader.read(ids, left);
    return objects.map((object, index) => {
      const { content } = ofType('tree', object, ids[index]);
      left -= content.length;
      return parseTree(content, (ids[index] ?? '').length / 2);
    });
  };
}

/** @throws MissingObject */
export async function readBlobs(
  reader: ObjectReader,
  ids: readonly string[],
  maxBytes: number,
): Promise<Buffer[]> {
  const objects = await reader.read(ids, maxBytes);
  return objects.map((object, index) => ofType('blob', object, ids[index]).content);
}

/** @returns bytes, in the order of `ids`. @throws MissingObject */
export async function readSizes(reader: ObjectReader, ids: readonly string[]): Promise<number[]> {
  const described = await reader.describe(ids);
  return described.map((object, index) => present(object, ids[index]).size);
}

function ofType(type: string, object: GitObject | undefined, id = ''): GitObject {
  if (object?.type !== type) throw new MissingObject(id);
  return object;
}

function present<T>(object: T | undefined, id = ''): T {
  if (object === undefined) throw new MissingObject(id);
  return object;
}
