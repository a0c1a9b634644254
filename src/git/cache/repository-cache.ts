/**
 * The cache of bare, shallow repositories that promotions work in. Nothing of a cached repository is used before the remote
 * accepted today's credentials; then only what is missing is fetched.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type CredentialSource } from '../../domain/credentials';
import { type SigningKeySource } from '../../domain/signing-key';
import { branchRef } from '../transport/branch-ref';
import { cacheEntry, closeEntry, openEntry, type CacheEntry } from './cache-entry';
import { evict } from './cache-eviction';
import { createRepository } from './fetched-repository';
import { createGit } from '../process/git-command';
import { gitEnvironment, type ConfigEntry } from '../process/git-environment';
import { createObjectReader } from '../process/object-reader';
import { type GitRemote, type RepositoryCache } from '../repository';
import { withPrivateDirectory } from '../process/private-directory';
import { connectOnlyTo } from '../transport/connect-only-to';
import { accessTo, type RemoteAccess } from '../transport/remote-access';
import { remoteConfig, type BranchNames, type Remote } from '../transport/remote-branches';
import { createRepositoryLocks, type RepositoryLocks } from './repository-lock';
import { askPassProgram, installAskPass } from '../transport/ssh-askpass';
import { createCommitSigner } from '../signing/commit-signer';
import { bringUpToDate, storage, type Visit } from './visit';

/** Below any activity's own timeout, so that a hang is a classified failure. */
const defaultGitTimeoutMs = 60_000;

export interface RepositoryCacheOptions {
  /** Shared by all workers of an installation, or one for each. */
  readonly directory: string;
  /** Of all repositories together, while none is in use. */
  readonly maxBytes: number;
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
}

export function createRepositoryCache(options: RepositoryCacheOptions): RepositoryCache {
  const directory = resolve(options.directory);
  const locks = createRepositoryLocks(join(directory, 'locks'));
  return {
    async withRepository(remote, branches, signal, use) {
      branchRef(branches.base);
      branchRef(branches.promotion);
      const addresses = await options.addressesOf(remote.url.host);
      const entry = cacheEntry(directory, remote);
      try {
        return await underLock(locks, directory, entry, signal, (suspect) =>
          withPrivateDirectory(async (secretDirectory) => {
            const credentials = await options.credentials(remote.credentials);
            const access = accessTo(remote.url, credentials, secretDirectory, {
              allowPlainHttp: options.allowPlainHttp,
              askPassProgram: askPassProgram(directory),
            });
            await prepareAccess(access, directory);
            const visit = startVisit(
              { ...options, directory },
              { ...remote, addresses },
              access,
              entry,
              branches,
              signal,
              suspect,
            );
            const sign = createCommitSigner(options.signingKeys, {
              cacheDirectory: directory,
              environment: gitEnvironment(options.environment, directory, []),
              signal,
              timeoutMs: options.gitTimeoutMs ?? defaultGitTimeoutMs,
            });
            try {
              const heads = await bringUpToDate(visit, directory);
              return await use(createRepository({ ...visit, heads, sign }));
            } finally {
              await visit.reader.close();
            }
          }),
        );
      } finally {
        // A cache that is too large for now fails no promotion.
        await evict(directory, options.maxBytes, locks).catch(() => undefined);
      }
    },
  };
}

/** A suspect entry stays open. The next visit deletes it. */
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

async function prepareAccess(remote: RemoteAccess, directory: string): Promise<void> {
  for (const { path, content } of remote.files) await writeFile(path, content, { mode: 0o600 });
  if (remote.environment['SSH_ASKPASS'] !== undefined) await installAskPass(directory);
}

function startVisit(
  options: RepositoryCacheOptions,
  { url, serverRefusals, addresses }: GitRemote & { readonly addresses: readonly string[] },
  access: RemoteAccess,
  entry: CacheEntry,
  branches: BranchNames,
  signal: AbortSignal,
  suspect: () => void,
): Visit {
  const timeoutMs = options.gitTimeoutMs ?? defaultGitTimeoutMs;
  const remote: Remote = { href: url.href, host: url.host, serverRefusals, secrets: access.secrets };
  const common: ConfigEntry[] = [['gc.auto', '0']];
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
    environment: environmentWith(common),
    signal,
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
