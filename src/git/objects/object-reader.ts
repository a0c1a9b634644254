/** Reads several Git objects with one process (`git cat-file --batch`). */
import { type Git } from '../process/git-command';

export interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

/** @returns contents in the order of `ids`, which are full hex object names that exist */
export async function readObjects(git: Git, ids: readonly string[]): Promise<GitObject[]> {
  if (ids.length === 0) return [];
  const output = await git.catFile(['--batch'], { input: `${ids.join('\n')}\n` });
  const objects: GitObject[] = [];
  let at = 0;
  for (const id of ids) {
    const end = output.indexOf(0x0a, at);
    const { type, size } = parseHeader(output.toString('latin1', at, end), id);
    objects.push({ type, content: output.subarray(end + 1, end + 1 + size) });
    at = end + 1 + size + 1;
  }
  return objects;
}

/** @returns sizes in bytes in the order of `ids` */
export async function readObjectSizes(git: Git, ids: readonly string[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const output = await git.catFile(['--batch-check'], { input: `${ids.join('\n')}\n` });
  const lines = output.toString('latin1').split('\n');
  return ids.map((id, index) => parseHeader(lines[index] ?? '', id).size);
}

function parseHeader(line: string, id: string): { type: string; size: number } {
  const [name, type = '', size = ''] = line.split(' ');
  if (name !== id || !/^\d+$/.test(size)) throw new MissingObject(id);
  return { type, size: Number(size) };
}

/** The cache lacks an object that a tree or a commit in it names: it is damaged. */
class MissingObject extends Error {
  override readonly name = 'MissingObject';
  constructor(id: string) {
    super(`object ${id} is missing`);
  }
}
