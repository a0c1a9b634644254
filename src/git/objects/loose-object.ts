/**
 * Stores an object as a file of its own (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects), as `git hash-object
 * -w` does, without starting a process. Like git with its default `core.fsync`, it does not wait for the disk: a cache
 * that lost an object is fetched again.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, deflate } from 'node:zlib';
import { fileExists } from '../process/file-exists';
import { hashObject, type ObjectType } from './object-id';

const compress = promisify(deflate);

/**
 * @param repository the bare repository's directory
 * @param like any id of the repository
 * @returns the object's id
 */
export async function writeObject(
  repository: string,
  type: ObjectType,
  content: Buffer,
  like: string,
): Promise<string> {
  const { id, header } = hashObject(type, content, like);
  const directory = join(repository, 'objects', id.slice(0, 2));
  const file = join(directory, id.slice(2));
  if (await fileExists(file)) return id;
  // git deletes what is left under such a name.
  const temporary = join(repository, 'objects', `tmp_obj_${randomUUID()}`);
  const bytes = await compress(Buffer.concat([header, content]), { level: constants.Z_BEST_SPEED });
  try {
    await makeDirectory(directory);
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o444 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return id;
}

async function makeDirectory(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
