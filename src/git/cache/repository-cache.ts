/**
 * The cache of bare, shallow repositories that promotions work in. A cached repository is never read before the remote
 * accepted today's credentials; then only what is missing is fetched.
 */
import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WindlassError } from '../../domain/errors';
import { branchRef } from '../transport/branch-ref';
import { cacheEntry, closeEntry, discardEntry, openEntry, type CacheEntry } from './cache-entry';
import { evict } from './cache-eviction';
import { usualHistory } from '../objects/commits-ahead';
import { createRepository, inCache } from './fetched-repository';
import { createGit, type Git } from '../process/git-command';
import { gitEnvironment, type ConfigEntry } from '../process/git-environment';
import { localRef, readLocalRefs } from './local-refs';
import { type BranchHeads, type GitRemote, type RepositoryCache } from '../repository';
import { withPrivateDirectory } from '../process/private-directory';
import { accessTo, type RemoteAccess } from '../transport/remote-access';
import { fetchBranches, listHeads, type BranchNames, type Remote } from '../transport/remote-branches';
import { createRepositoryLocks, type RepositoryLocks } from './repository-lock';
import { askPassProgram, installAskPass } from '../transport/ssh-askpass';

/** Below any activity's own time-out, so that a hang is a classified failure. */
const defaultGitTimeoutMs = 60_000;

export interface RepositoryCacheOptions {
  /** Shared by all workers of an installation, or one for each. */
  readonly directory: string;
  /** Of all repositories together, while none is in use. */
  readonly maxBytes: number;
  /** Lets credentials travel over plain http to other machines; to this one they always may. */
  readonly allowPlainHttp: boolean;
  /** Hosts that nobody may be sent to: metadata services and the like. */
  readonly isForbiddenHost: (host: string) => boolean | Promise<boolean>;
  /** The worker's environment, for PATH, proxies and authorities. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For one git command, milliseconds. */
  readonly gitTimeoutMs?: number;
}

/** One promotion's way into the cache. */
interface Visit {
  readonly entry: CacheEntry;
  readonly remote: Remote;
  readonly branches: BranchNames;
  /** For commands before there is a repository. */
  readonly outside: Git;
  readonly inside: Git;
  readonly suspect: () => void;
}

export function createRepositoryCache(options: RepositoryCacheOptions): RepositoryCache {
  const directory = resolve(options.directory);
  const locks = createRepositoryLocks(join(directory, 'locks'));
  return {
    async withRepository(remote, branches, signal, use) {
      await checkRequest(remote, branches, options);
      const entry = cacheEntry(directory, remote);
      try {
        return await underLock(locks, directory, entry, signal, (suspect) =>
          withPrivateDirectory(async (secretDirectory) => {
            const access = accessTo(remote, secretDirectory, {
              allowPlainHttp: options.allowPlainHttp,
              askPassProgram: askPassProgram(directory),
            });
            await prepareAccess(access, directory);
            const visit = startVisit(
              { ...options, directory },
              remote,
              access,
              entry,
              branches,
              signal,
              suspect,
            );
            const heads = await bringUpToDate(visit, directory);
            return use(createRepository({ ...visit, git: visit.inside, heads }));
          }),
        );
      } finally {
        // A cache that is too large for now fails no promotion.
        await evict(directory, options.maxBytes, locks).catch(() => undefined);
      }
    },
  };
}

async function checkRequest(
  { url }: GitRemote,
  branches: BranchNames,
  options: RepositoryCacheOptions,
): Promise<void> {
  branchRef(branches.base);
  branchRef(branches.promotion);
  if (await options.isForbiddenHost(url.host)) {
    throw new WindlassError(
      'host-not-allowed',
      `The repository's host ${url.host} is, or resolves to, a link-local or metadata address.`,
    );
  }
}

/** An entry that came under suspicion stays open, and is thrown away by whoever opens it next. */
async function underLock<T>(
  locks: RepositoryLocks,
  directory: string,
  entry: CacheEntry,
  signal: AbortSignal,
  visit: (suspect: () => void) => Promise<T>,
): Promise<T> {
  const lock = await storage(() => locks.acquire(entry.key, signal));
  const suspicion = { raised: false };
  try {
    await storage(() => openEntry(directory, entry));
    try {
      return await visit(() => (suspicion.raised = true));
    } finally {
      if (!suspicion.raised) await closeEntry(directory, entry).catch(() => undefined);
    }
  } finally {
    await lock.release().catch(() => undefined);
  }
}

/** File system errors as a failure that says which directory it is about. */
async function storage<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new WindlassError('cache-unavailable', `The repository cache cannot be used (${code}).`, {
      cause: error,
    });
  }
}

async function prepareAccess(remote: RemoteAccess, directory: string): Promise<void> {
  for (const { path, content } of remote.files) await writeFile(path, content, { mode: 0o600 });
  if (remote.environment['SSH_ASKPASS'] !== undefined) await installAskPass(directory);
}

function startVisit(
  options: RepositoryCacheOptions,
  { url }: GitRemote,
  access: RemoteAccess,
  entry: CacheEntry,
  branches: BranchNames,
  signal: AbortSignal,
  suspect: () => void,
): Visit {
  const timeoutMs = options.gitTimeoutMs ?? defaultGitTimeoutMs;
  const config: ConfigEntry[] = [
    // Git would send the credentials wherever it is redirected to.
    ['http.followRedirects', 'false'],
    // Ends git's HTTP process by itself, should it outlive the command that was ended.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(Math.ceil(timeoutMs / 1000))],
    ['gc.auto', '0'],
    ...access.config,
  ];
  const environment = {
    ...gitEnvironment(options.environment, options.directory, config),
    ...access.environment,
  };
  const settings = { environment, signal, timeoutMs };
  return {
    entry,
    remote: { href: url.href, host: url.host, secrets: access.secrets },
    branches,
    outside: createGit({ ...settings, directory: entry.path, inRepository: false }),
    inside: createGit({ ...settings, directory: entry.git, inRepository: true }),
    suspect,
  };
}

/**
 * Lets the remote check the credentials and say where the branches are, then fetches what the cache lacks. A cache that
 * turns out to be damaged starts afresh at once.
 */
async function bringUpToDate(visit: Visit, directory: string): Promise<BranchHeads> {
  const { outside, remote, branches, entry } = visit;
  const existed = await hasRepository(entry);
  const heads = await listHeads(outside, remote, branches);
  const damage = { found: false };
  try {
    return await inCache(
      () => fetchMissing(visit, heads),
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
  await storage(() => discardEntry(directory, entry.key));
  await storage(() => openEntry(directory, entry));
  return inCache(() => fetchMissing(visit, heads), remote, visit.suspect);
}

async function fetchMissing(visit: Visit, heads: BranchHeads): Promise<BranchHeads> {
  const { outside, inside, remote, branches, entry } = visit;
  if (!(await hasRepository(entry))) {
    const format = heads.base.length === 64 ? 'sha256' : 'sha1';
    const options = ['--bare', '--template=', '--initial-branch=unused', `--object-format=${format}`];
    await outside.text(['init', ...options, '--', entry.git]);
  }
  const known = await readLocalRefs(inside);
  const wanted = [
    ...(known.get(localRef(branches.base)) === heads.base ? [] : [branches.base]),
    ...(heads.promotion === undefined || known.get(localRef(branches.promotion)) === heads.promotion
      ? []
      : [branches.promotion]),
  ];
  if (wanted.length === 0) return heads;
  await fetchBranches(inside, remote, wanted, heads.promotion === undefined ? 1 : usualHistory);
  // A branch may have moved since it was listed: what was fetched counts.
  const fetched = await readLocalRefs(inside);
  const promotion = heads.promotion === undefined ? undefined : fetched.get(localRef(branches.promotion));
  return {
    base: fetched.get(localRef(branches.base)) ?? heads.base,
    ...(promotion === undefined ? {} : { promotion }),
  };
}

async function hasRepository(entry: CacheEntry): Promise<boolean> {
  return access(join(entry.git, 'HEAD')).then(
    () => true,
    () => false,
  );
}
