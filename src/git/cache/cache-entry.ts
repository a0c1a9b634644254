/**
 * Where a repository's cache is on disk:
 * ```
 * <directory>/<key>/git       the bare repository
 * <directory>/<key>/markers   which files contain what (marker-index.ts)
 * <directory>/<key>/in-use    present while it is in use, and after a holder that failed
 * <directory>/<key>/bytes     its size when it was last used, or while it grows; its time stamp says when that was
 * <directory>/locks/<key>.lock
 * <directory>/trash-*         on the way out
 * ```
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../process/file-exists';
import { type GitRemote } from '../repository';

export const trashPrefix = 'trash-';

export interface CacheEntry {
  readonly key: string;
  readonly path: string;
  readonly git: string;
  readonly markers: string;
}

/** Repositories read with different Secrets never share an entry, whatever the same URL would let them see. */
export function cacheEntry(directory: string, { credentials, url }: GitRemote): CacheEntry {
  const key = createHash('sha256')
    .update(`${credentials.namespace}/${credentials.secretName}\0${url.href}`)
    .digest('hex')
    .slice(0, 40);
  const path = join(directory, key);
  return { key, path, git: join(path, 'git'), markers: join(path, 'markers') };
}

/**
 * Opens an entry under its lock. One that its last holder did not close (killed, or it found damage) is thrown away:
 * git's own lock files, half-written objects and a killed holder's git, still running in it, go with it.
 */
export async function openEntry(directory: string, entry: CacheEntry): Promise<void> {
  if (await fileExists(join(entry.path, 'in-use'))) await discardEntry(directory, entry.key);
  await mkdir(entry.path, { recursive: true, mode: 0o700 });
  await writeFile(join(entry.path, 'in-use'), '');
}

/** Closes an undamaged entry and notes its size. */
export async function closeEntry(directory: string, entry: CacheEntry): Promise<void> {
  if (await isWornOut(entry.git)) {
    await discardEntry(directory, entry.key);
    return;
  }
  await noteBytes(entry, await directoryBytes(entry.path));
  await rm(join(entry.path, 'in-use'), { force: true });
}

/** Notes an entry's size for a search for room, in this or another process. */
export async function noteBytes(entry: CacheEntry, bytes: number): Promise<void> {
  await writeFile(join(entry.path, 'bytes'), String(bytes));
}

/** Moves an entry out of the way, which is one step, and then deletes it, which takes many. */
export async function discardEntry(directory: string, key: string): Promise<void> {
  const trash = join(directory, `${trashPrefix}${randomUUID()}`);
  try {
    await rename(join(directory, key), trash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(trash, { recursive: true, force: true });
}

/** Size of all files below, in bytes. Files that vanish meanwhile count nothing. */
export async function directoryBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return directoryBytes(path);
      return stat(path).then(
        ({ size }) => size,
        () => 0,
      );
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Whether `git gc --auto` would find work to do, by its own measure (gc.autoPackLimit 50, gc.auto 6,700, of which one
 * in 256 lies in objects/17). A fresh shallow fetch is cheaper than a collection, and cannot go wrong half-way.
 */
async function isWornOut(git: string): Promise<boolean> {
  const count = async (path: string, suffix: string) =>
    (await readdir(join(git, 'objects', path)).catch((): string[] => [])).filter((name) =>
      name.endsWith(suffix),
    ).length;
  return (await count('pack', '.pack')) > 50 || (await count('17', '')) > 27;
}
