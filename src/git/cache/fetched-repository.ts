import { WindlassError } from '../../domain/errors';
import { type CacheEntry } from './cache-entry';
import { writeCommit } from '../objects/commit-writer';
import { listCommitsAhead } from '../objects/commits-ahead';
import { type Git } from '../process/git-command';
import { localFailure } from '../process/git-failure';
import { type ObjectReader } from '../process/object-reader';
import { findFilesContaining } from '../objects/marked-files';
import { objectNamePattern } from '../objects/object-id';
import { readCommit } from '../objects/stored-objects';
import { findUnreadFiles } from '../objects/unread-files';
import { type BranchHeads, type Repository } from '../repository';
import { type CommitSigner } from '../signing/commit-signer';
import { fetchBranches, pushBranch, type BranchNames, type Remote } from '../transport/remote-branches';

export interface FetchedRepository {
  /** For commands that talk to the remote. */
  readonly inside: Git;
  /** For commands on the cache alone, which know no credentials; as the reader. */
  readonly local: Git;
  readonly reader: ObjectReader;
  readonly remote: Remote;
  readonly entry: CacheEntry;
  readonly branches: BranchNames;
  readonly heads: BranchHeads;
  readonly sign: CommitSigner;
  /** Called when the cache may be damaged. */
  readonly suspect: () => void;
}

/** The port's methods over a cache whose branches were just fetched. */
export function createRepository(fetched: FetchedRepository): Repository {
  const { inside, local: git, reader, remote, entry, branches, heads, suspect } = fetched;
  const local = <T>(operation: () => Promise<T>) => inCache(operation, remote, suspect);
  return {
    heads,
    commit: (id) => local(() => readCommit(reader, objectName(id))),
    commitsAhead: (limit) =>
      local(() =>
        listCommitsAhead(git, reader, heads, limit, (depth) =>
          fetchBranches(inside, remote, [branches.base, branches.promotion], depth),
        ),
      ),
    filesContaining: (commit, text) =>
      local(() => findFilesContaining({ git, reader, index: entry.markers }, objectName(commit), text)),
    unreadFiles: (commit, text) => local(() => findUnreadFiles(git, objectName(commit), text)),
    createCommit: (commit) =>
      local(() =>
        writeCommit(reader, entry.git, { ...commit, parent: objectName(commit.parent) }, fetched.sign),
      ),
    push: (commit, expected) =>
      overNetwork(
        () => pushBranch(inside, remote, branches.promotion, objectName(commit), expected),
        suspect,
      ),
  };
}

/** Runs an operation that reads or writes the cache: whatever goes wrong, but for what the remote said, is suspicious. */
export async function inCache<T>(
  operation: () => Promise<T>,
  remote: Remote,
  suspect: () => void,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof WindlassError) || isCacheFault(error) || error.code === 'timed-out') suspect();
    throw localFailure(error, remote.secrets);
  }
}

/**
 * Runs an operation that moves nothing in the cache but a local ref. One that was ended half-way leaves at most that ref
 * locked: a fetch that meets the lock starts the cache again from nothing.
 */
async function overNetwork(operation: () => Promise<void>, suspect: () => void): Promise<void> {
  try {
    await operation();
  } catch (error) {
    if (error instanceof WindlassError && isCacheFault(error)) suspect();
    throw error;
  }
}

function isCacheFault({ code }: WindlassError): boolean {
  return code === 'internal' || code === 'cache-unavailable';
}

/** Ids stand where git takes options: nothing but an id may. */
function objectName(id: string): string {
  if (!objectNamePattern.test(id)) {
    throw new WindlassError('internal', `${JSON.stringify(id.slice(0, 80))} is no full object name.`);
  }
  return id;
}
