import { join } from 'node:path';
import { WindlassError } from '../../domain/errors';
import { usualHistory } from '../objects/commits-ahead';
import { fileExists } from '../process/file-exists';
import { type Git } from '../process/git-command';
import { storageFailure } from '../process/git-failure';
import { type ObjectReader } from '../process/object-reader';
import { type BranchHeads } from '../repository';
import {
  fetchBranches,
  fetchHeads,
  listHeads,
  type BranchNames,
  type Remote,
} from '../transport/remote-branches';
import { discardEntry, openEntry, type CacheEntry } from './cache-entry';
import { inCache } from './fetched-repository';
import { readLocalRefs } from './local-refs';

/** One promotion's way into the cache. */
export interface Visit {
  readonly entry: CacheEntry;
  readonly remote: Remote;
  readonly branches: BranchNames;
  /** For commands before there is a repository. */
  readonly outside: Git;
  /** For commands in the repository that talk to the remote. */
  readonly inside: Git;
  /** For commands in the repository alone: these know no credentials. */
  readonly local: Git;
  readonly reader: ObjectReader;
  /** Called when the cache may be damaged. */
  readonly suspect: () => void;
}

/**
 * Lets the remote check the credentials and say where the branches are, then fetches what the cache lacks. A cache that
 * turns out to be damaged starts again from nothing at once.
 * @param directory of all entries
 */
export async function bringUpToDate(visit: Visit, directory: string): Promise<BranchHeads> {
  const { outside, reader, remote, branches, entry } = visit;
  const existed = await hasRepository(entry);
  // The reader starts while the remote is asked. What it says counts only once the remote has accepted the credentials.
  const known = existed ? readLocalRefs(reader, [branches.base, branches.promotion]) : Promise.resolve([]);
  known.catch(() => undefined);
  const heads = await listHeads(outside, remote, branches);
  const damage = { found: false };
  try {
    return await inCache(
      async () => fetchMissing(visit, heads, await known),
      remote,
      () => (damage.found = true),
    );
  } catch (error) {
    if (!damage.found) throw error;
    if (!existed || !(error instanceof WindlassError) || error.code !== 'internal') {
      visit.suspect();
      throw error;
    }
  }
  await visit.reader.close();
  await storage(() => discardEntry(directory, entry.key));
  await storage(() => openEntry(directory, entry));
  return inCache(() => fetchMissing(visit, heads, []), remote, visit.suspect);
}

/** @param known the cache's own heads of base and promotion */
async function fetchMissing(
  visit: Visit,
  heads: BranchHeads,
  [base, promotion]: readonly (string | undefined)[],
): Promise<BranchHeads> {
  const { outside, inside, reader, remote, branches, entry } = visit;
  if (!(await hasRepository(entry))) {
    const format = heads.base.length === 64 ? 'sha256' : 'sha1';
    const options = ['--bare', '--template=', '--initial-branch=unused', `--object-format=${format}`];
    await outside.text(['init', ...options, '--', entry.git]);
  }
  const wanted = new Map<string, string>();
  if (base !== heads.base) wanted.set(branches.base, heads.base);
  if (heads.promotion !== undefined && promotion !== heads.promotion) {
    wanted.set(branches.promotion, heads.promotion);
  }
  if (wanted.size === 0) return heads;
  const depth = heads.promotion === undefined ? 1 : usualHistory;
  if ((await fetchHeads(inside, remote, wanted, depth)) === 'fetched') return heads;
  // A branch moved since it was listed: what is fetched now counts.
  await fetchBranches(inside, remote, [...wanted.keys()], depth);
  const [newBase, newPromotion] = await readLocalRefs(reader, [branches.base, branches.promotion]);
  const moved = heads.promotion === undefined ? undefined : newPromotion;
  return { base: newBase ?? heads.base, ...(moved === undefined ? {} : { promotion: moved }) };
}

function hasRepository(entry: CacheEntry): Promise<boolean> {
  return fileExists(join(entry.git, 'HEAD'));
}

/** Runs an operation on files, whose errors become failures that say which directory they are about. */
export async function storage<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw storageFailure(error);
  }
}
