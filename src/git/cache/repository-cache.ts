/**
 * The cache of bare, shallow repositories that promotions work in. Nothing of a cached repository is used before the remote
 * accepted today's credentials; then only what is missing is fetched.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CredentialSource } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { type SigningKeySource } from '../../domain/signing-key';
import { branchRef } from '../transport/branch-ref';
import { cacheEntry, closeEntry, discardEntry, openEntry, type CacheEntry } from './cache-entry';
import { evict } from './cache-eviction';
import { createRepository } from './fetched-repository';
import { createGit, type GitSettings } from '../process/git-command';
import { isTooLarge } from '../process/git-failure';
import { gitEnvironment, type ConfigEntry } from '../process/git-environment';
import { frugalConfig, installLimitedGit } from '../process/limited-git';
import { createObjectReader } from '../process/object-reader';
import { type GitRemote, type Repository, type RepositoryCache } from '../repository';
import { withPrivateDirectory } from '../process/private-directory';
import { connectOnlyTo } from '../transport/connect-only-to';
import { accessTo, type RemoteAccess } from '../transport/remote-access';
import { remoteConfig, type BranchNames, type Remote } from '../transport/remote-branches';
import { createRepositoryLocks, type RepositoryLocks } from './repository-lock';
import { askPassProgram, installAskPass } from '../transport/ssh-askpass';
import { createCommitSigner } from '../signing/commit-signer';
import { bringUpToDate, storage, type Visit } from './visit';
import { watchVisit } from './visit-watch';

/** Below any activity's own timeout, so that a hang is a classified failure. */
const defaultGitTimeoutMs = 60_000;

export interface RepositoryCacheOptions {
  /** Shared by all workers of an installation, or one for each. */
  readonly directory: string;
  /** Of all repositories together. */
  readonly maxBytes: number;
  /** Of one. */
  readonly maxRepositoryBytes: number;
  /** Asked at each visit, so that a rotated Secret counts at once. */
  readonly credentials: CredentialSource;
  /** Asked for each commit that is to be signed; absent: none can be. */
  readonly signingKeys?: SigningKeySource;
  /** Lets credentials travel over plain http to other machines; to this one they always may. */
  readonly allowPlainHttp: boolean;
  /**
   * The addresses that git may connect to; none: git resolves the name itself. Rejects with a WindlassError for hosts that
   * must not be called, such as metadata services.
   */
  readonly addressesOf: (host: string) => Promise<readonly string[]>;
  /** The worker's environment, for PATH, proxies and authorities. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For one git command, milliseconds. */
  readonly gitTimeoutMs?: number;
  /** Begins the names of git's process families, by which another process can end them. */
  readonly familyPrefix?: string;
}

export function createRepositoryCache(given: RepositoryCacheOptions): RepositoryCache {
  const directory = resolve(given.directory);
  const options = { ...given, directory };
  const locks = createRepositoryLocks(join(directory, 'locks'));
  return {
    async withRepository(remote, branches, signal, use) {
      branchRef(branches.base);
      branchRef(branches.promotion);
      const addresses = await options.addressesOf(remote.url.host);
      const entry = cacheEntry(directory, remote);
      try {
        return await underLock(locks, directory, entry, signal, (suspect) =>
          withAccess(options, remote, (access) =>
            withinLimits(options, locks, entry, signal, (limited) => {
              const reached = { ...remote, addresses };
              const visit = startVisit(options, reached, access, entry, branches, limited, suspect);
              return runVisit(options, visit, limited.signal, use);
            }),
          ),
        );
      } finally {
        // A cache that is too large for now fails no promotion.
        await evict(directory, options.maxBytes, locks).catch(() => undefined);
      }
    },
  };
}

/** Reads today's credentials. Key material that must be a file is there while `visit` runs. */
function withAccess<T>(
  { directory, credentials, allowPlainHttp }: RepositoryCacheOptions,
  remote: GitRemote,
  visit: (access: RemoteAccess) => Promise<T>,
): Promise<T> {
  return withPrivateDirectory(async (secretDirectory) => {
    const login = await credentials(remote.credentials);
    const access = accessTo(remote.url, login, secretDirectory, {
      allowPlainHttp,
      askPassProgram: askPassProgram(directory),
    });
    for (const { path, content } of access.files) await writeFile(path, content, { mode: 0o600 });
    if (access.environment['SSH_ASKPASS'] !== undefined) await installAskPass(directory);
    try {
      return await visit(access);
    } catch (error) {
      // Otherwise a token that was revoked would be kept until its end: Git comes before the API.
      if (error instanceof WindlassError && error.code === 'bad-credentials') login.forget?.();
      throw error;
    }
  });
}

/** How every git process of a visit runs. */
type Limited = Pick<GitSettings, 'program' | 'family' | 'signal'>;

async function withinLimits<T>(
  { directory, maxBytes, maxRepositoryBytes, familyPrefix = '' }: RepositoryCacheOptions,
  locks: RepositoryLocks,
  entry: CacheEntry,
  signal: AbortSignal,
  visit: (limited: Limited) => Promise<T>,
): Promise<T> {
  const program = await storage(() => installLimitedGit(directory, maxRepositoryBytes));
  const family = familyPrefix + randomUUID();
  const watch = watchVisit({
    entry,
    family,
    maxBytes: maxRepositoryBytes,
    makeRoom: () => evict(directory, maxBytes, locks),
  });
  try {
    return await visit({ program, family, signal: AbortSignal.any([signal, watch.signal]) });
  } finally {
    watch.close();
  }
}

async function runVisit<T>(
  { directory, environment, gitTimeoutMs, signingKeys }: RepositoryCacheOptions,
  visit: Visit,
  signal: AbortSignal,
  use: (repository: Repository) => Promise<T>,
): Promise<T> {
  const sign = createCommitSigner(signingKeys, {
    cacheDirectory: directory,
    environment: gitEnvironment(environment, directory, []),
    signal,
    timeoutMs: gitTimeoutMs ?? defaultGitTimeoutMs,
  });
  try {
    const heads = await bringUpToDate(visit, directory);
    return await use(createRepository({ ...visit, heads, sign }));
  } finally {
    await visit.reader.close();
  }
}

/** A suspect entry stays open. The next visit deletes it. One that is too large goes at once. */
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
    } catch (error) {
      if (isTooLarge(error)) {
        await discardEntry(directory, entry.key).catch(() => undefined);
        suspicion.raised = true;
      }
      throw error;
    } finally {
      if (!suspicion.raised) await closeEntry(directory, entry).catch(() => undefined);
    }
  } finally {
    await lock.release().catch(() => undefined);
  }
}

function startVisit(
  options: RepositoryCacheOptions,
  { url, serverRefusals, addresses }: GitRemote & { readonly addresses: readonly string[] },
  access: RemoteAccess,
  entry: CacheEntry,
  branches: BranchNames,
  limited: Limited,
  suspect: () => void,
): Visit {
  const timeoutMs = options.gitTimeoutMs ?? defaultGitTimeoutMs;
  const { secrets, hasPassphrase = false } = access;
  const remote: Remote = { href: url.href, host: url.host, serverRefusals, secrets, hasPassphrase };
  const common: ConfigEntry[] = [['gc.auto', '0'], ...frugalConfig];
  const toRemote: ConfigEntry[] = [
    ...common,
    // Git would send the credentials wherever it is redirected to.
    ['http.followRedirects', 'false'],
    // Ends git's HTTP process by itself, should it outlive the command that was ended.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(Math.ceil(timeoutMs / 1000))],
    ...connectOnlyTo(url, addresses),
    ...remoteConfig(remote, branches),
    ...access.config,
  ];
  const environmentWith = (config: readonly ConfigEntry[]) =>
    gitEnvironment(options.environment, options.directory, config);
  const environment = { ...environmentWith(toRemote), ...access.environment };
  const local = {
    ...limited,
    environment: environmentWith(common),
    timeoutMs,
    directory: entry.git,
    inRepository: true,
  };
  return {
    entry,
    remote,
    branches,
    outside: createGit({ ...local, environment, directory: entry.path, inRepository: false }),
    inside: createGit({ ...local, environment }),
    local: createGit(local),
    reader: createObjectReader(local),
    suspect,
  };
}
