import { WindlassError } from '../../domain/errors';
import { type CacheEntry } from './cache-entry';
import { parseCommit } from '../objects/commit-object';
import { writeCommit } from '../objects/commit-writer';
import { listCommitsAhead } from '../objects/commits-ahead';
import { type Git } from '../process/git-command';
import { localFailure } from '../process/git-failure';
import { setLocalRef } from './local-refs';
import { findFilesContaining } from '../objects/marked-files';
import { readObjects } from '../objects/object-reader';
import { type BranchHeads, type Repository } from '../repository';
import { fetchBranches, pushBranch, type BranchNames, type Remote } from '../transport/remote-branches';

export interface FetchedRepository {
  readonly git: Git;
  readonly remote: Remote;
  readonly entry: CacheEntry;
  readonly branches: BranchNames;
  readonly heads: BranchHeads;
  /** Called when the cache may be damaged. */
  readonly suspect: () => void;
}

/** The port's methods over a cache whose branches were just fetched. */
export function createRepository(fetched: FetchedRepository): Repository {
  const { git, remote, entry, branches, heads, suspect } = fetched;
  const local = <T>(operation: () => Promise<T>) => inCache(operation, remote, suspect);
  return {
    heads,
    commit: (id) =>
      local(async () => {
        const [object] = await readObjects(git, [objectName(id)]);
        return parseCommit(id, object?.content ?? Buffer.alloc(0));
      }),
    commitsAhead: (limit) =>
      local(() =>
        listCommitsAhead(git, heads, limit, (depth) =>
          fetchBranches(git, remote, [branches.base, branches.promotion], depth),
        ),
      ),
    filesContaining: (commit, text) =>
      local(() => findFilesContaining(git, entry.markers, objectName(commit), text)),
    createCommit: (commit) => local(() => writeCommit(git, { ...commit, parent: objectName(commit.parent) })),
    async push(commit, expected) {
      await overNetwork(
        () => pushBranch(git, remote, branches.promotion, objectName(commit), expected),
        suspect,
      );
      await local(() => setLocalRef(git, branches.promotion, commit));
    },
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

/** Runs an operation that leaves the cache as it is: one that was ended half-way leaves nothing behind. */
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
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) {
    throw new WindlassError('internal', `${JSON.stringify(id.slice(0, 80))} is no full object name.`);
  }
  return id;
}
