import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryBytes, discardEntry, trashPrefix } from './cache-entry';
import { type RepositoryLocks } from './repository-lock';

interface Candidate {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
}

/**
 * Deletes the least recently used repositories until the rest fits into `maxBytes`; never one that is in use, in this
 * or another process. Also deletes the remains of a deletion that was interrupted.
 * @returns whether they fit
 */
export async function evict(directory: string, maxBytes: number, locks: RepositoryLocks): Promise<boolean> {
  const names = await readdir(directory);
  await Promise.all(
    names
      .filter((name) => name.startsWith(trashPrefix))
      .map((name) => rm(join(directory, name), { recursive: true, force: true })),
  );
  const keys = names.filter((name) => /^[0-9a-f]{40}$/.test(name));
  const candidates = await Promise.all(keys.map((key) => readCandidate(directory, key)));
  let bytes = candidates.reduce((sum, candidate) => sum + candidate.bytes, 0);
  for (const candidate of candidates.sort((a, b) => a.lastUsed - b.lastUsed)) {
    if (bytes <= maxBytes) break;
    const lock = await locks.tryAcquire(candidate.key);
    if (lock === undefined) continue;
    try {
      await discardEntry(directory, candidate.key);
      bytes -= candidate.bytes;
    } finally {
      await lock.release();
    }
  }
  return bytes <= maxBytes;
}

async function readCandidate(directory: string, key: string): Promise<Candidate> {
  const path = join(directory, key);
  try {
    const file = join(path, 'bytes');
    const bytes = Number(await readFile(file, 'utf8'));
    if (!Number.isSafeInteger(bytes)) throw new RangeError('no size');
    return { key, bytes, lastUsed: (await stat(file)).mtimeMs };
  } catch {
    // In its first use, or left by a process that was killed during it.
    return { key, bytes: await directoryBytes(path), lastUsed: 0 };
  }
}
