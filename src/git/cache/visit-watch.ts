/** What one promotion may cost the machine while git works for it. */
import { join } from 'node:path';
import { WindlassError } from '../../domain/errors';
import { memoryOfFamilies } from '../process/process-family';
import { directoryBytes, noteBytes, type CacheEntry } from './cache-entry';

const mebibyte = 1024 * 1024;
const watchEveryMs = 250;

/** Of all its git processes together; each has a limit of its own besides. */
const maxMemoryBytes = 224 * mebibyte;
/** A cache that has become larger by this much may leave no room for others. */
const noteEveryBytes = 16 * mebibyte;
/** A fetch writes packs. To measure all files of an entry takes much longer. */
const measureAllEvery = 8;

interface Watched {
  readonly entry: CacheEntry;
  /** Begins the name of each of its process families. */
  readonly family: string;
  readonly maxBytes: number;
  /** Deletes other repositories until the cache is within its limit. @returns false where it cannot be */
  makeRoom(): Promise<boolean>;
}

/**
 * Measures a visit until it is closed.
 * @returns a signal that ends the visit once it is beyond a limit; its reason is a WindlassError: repository-too-large, or
 *   cache-unavailable while the repositories in use fill the cache
 */
export function watchVisit(watched: Watched): { readonly signal: AbortSignal; close(): void } {
  const beyond = new AbortController();
  let noted: number | undefined;
  let measuring = false;
  let count = 0;
  let besidesPacks = 0;

  const entryBytes = async (): Promise<number> => {
    const packs = await directoryBytes(join(watched.entry.git, 'objects', 'pack'));
    if (count++ % measureAllEvery === 0) {
      besidesPacks = Math.max((await directoryBytes(watched.entry.path)) - packs, 0);
    }
    return packs + besidesPacks;
  };

  const measure = async (): Promise<void> => {
    const memory = await memoryOfFamilies(`${watched.family}/`);
    if (memory > maxMemoryBytes) {
      throw new WindlassError(
        'repository-too-large',
        `Git needed more than ${maxMemoryBytes / mebibyte} MiB of memory for this repository.`,
      );
    }
    const bytes = await entryBytes();
    if (bytes > watched.maxBytes) {
      throw new WindlassError(
        'repository-too-large',
        `The repository takes more than ${Math.floor(watched.maxBytes / mebibyte)} MiB of the repository cache.`,
      );
    }
    noted ??= bytes;
    if (bytes < noted + noteEveryBytes) return;
    noted = bytes;
    await noteBytes(watched.entry, bytes);
    if (await watched.makeRoom()) return;
    throw new WindlassError(
      'cache-unavailable',
      'The repository cache is full, and all repositories in it are in use.',
    );
  };

  const timer = setInterval(() => {
    if (measuring) return;
    measuring = true;
    void measure()
      .catch((error: unknown) => {
        // A directory that cannot be measured now is measured again.
        if (error instanceof WindlassError) beyond.abort(error);
      })
      .finally(() => (measuring = false));
  }, watchEveryMs);
  timer.unref();
  return { signal: beyond.signal, close: () => clearInterval(timer) };
}
