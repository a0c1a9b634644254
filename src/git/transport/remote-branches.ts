/** Talking to the remote: which branches it has, fetching them, pushing one. */
import { WindlassError } from '../../domain/errors';
import { type ServerRefusal } from '../../domain/git-server';
import { branchRef } from './branch-ref';
import { type GitAttempt } from './failure-rule';
import { GitExit, type Git } from '../process/git-command';
import { type ConfigEntry } from '../process/git-environment';
import { remoteFailure } from '../process/git-failure';
import { localRef } from '../cache/local-refs';
import { type BranchHeads } from '../repository';

export interface BranchNames {
  readonly base: string;
  readonly promotion: string;
}

export interface Remote {
  readonly href: string;
  readonly host: string;
  readonly serverRefusals: readonly ServerRefusal[];
  /** Git logs in with an encrypted SSH key. */
  readonly hasPassphrase?: boolean;
  /** Texts to keep out of messages. */
  readonly secrets: readonly string[];
}

/**
 * The remote's name for a push, in a configuration that only one visit's processes see. A fetch takes the address: with
 * a configured remote, newer versions of git ask for its HEAD as well.
 */
const remoteName = 'origin';

/** Tells git the remote's address, and which local refs follow its branches: a push then moves them by itself. */
export function remoteConfig(remote: Remote, branches: BranchNames): readonly ConfigEntry[] {
  return [
    [`remote.${remoteName}.url`, remote.href],
    ...[branches.base, branches.promotion].map((branch): ConfigEntry => [
      `remote.${remoteName}.fetch`,
      refspec(branch),
    ]),
  ];
}

/**
 * Asks the remote, with today's credentials, where the branches are. Two requests, where an idle `git fetch` makes three.
 * @throws WindlassError base-branch-not-found, and as classified
 */
export async function listHeads(git: Git, remote: Remote, branches: BranchNames): Promise<BranchHeads> {
  const base = branchRef(branches.base);
  const promotion = branchRef(branches.promotion);
  const output = await talk(remote, 'fetch', branches.base, () =>
    git.text(['ls-remote', '--heads', '--', remote.href, base, promotion]),
  );
  const heads = new Map(
    output.split('\n').flatMap((line) => {
      const [id = '', ref = ''] = line.split('\t');
      return /^[0-9a-f]{40,64}$/.test(id) ? [[ref, id] as const] : [];
    }),
  );
  const baseHead = heads.get(base);
  const promotionHead = heads.get(promotion);
  if (baseHead === undefined) {
    throw new WindlassError(
      'base-branch-not-found',
      `${remote.host} has no branch ${branches.base} in that repository.`,
    );
  }
  return { base: baseHead, ...(promotionHead === undefined ? {} : { promotion: promotionHead }) };
}

/**
 * Fetches commits that were just listed into their branches' local refs. Asked for by id, they take one request less
 * than by name.
 * @param heads commits by branch
 * @returns 'moved' when the remote has one of the commits no longer: fetch the branches by name then
 */
export async function fetchHeads(
  git: Git,
  remote: Remote,
  heads: ReadonlyMap<string, string>,
  depth: number,
): Promise<'fetched' | 'moved'> {
  const refspecs = [...heads].map(([branch, id]) => `+${id}:${localRef(branch)}`);
  return talk(remote, 'fetch', [...heads.keys()][0] ?? '', async () => {
    try {
      await runFetch(git, remote, refspecs, depth);
      return 'fetched';
    } catch (error) {
      // Servers word it differently, but all name the commit that they do not have or give.
      if (error instanceof GitExit && [...heads.values()].some((id) => error.output.includes(id)))
        return 'moved';
      throw error;
    }
  });
}

/** Fetches branches into their local refs, with `depth` commits of history. */
export async function fetchBranches(
  git: Git,
  remote: Remote,
  branches: readonly string[],
  depth: number,
): Promise<void> {
  await talk(remote, 'fetch', branches[0] ?? '', () => runFetch(git, remote, branches.map(refspec), depth));
}

function refspec(branch: string): string {
  return `+${branchRef(branch)}:${localRef(branch)}`;
}

function runFetch(git: Git, remote: Remote, refspecs: readonly string[], depth: number): Promise<string> {
  const options = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance'];
  return git.text(['fetch', `--depth=${depth}`, ...options, '--', remote.href, ...refspecs]);
}
/**
 * Points a branch, and its local ref, at `commit` if its head is still `expected` (undefined: no such branch).
 * @throws WindlassError lease-lost, branch-protected, forbidden, and as classified
 */
export async function pushBranch(
  git: Git,
  remote: Remote,
  branch: string,
  commit: string,
  expected: string | undefined,
): Promise<void> {
  const ref = branchRef(branch);
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  await talk(remote, 'push', branch, () =>
    git.text(['push', '--porcelain', '--no-verify', lease, '--', remoteName, `${commit}:${ref}`]),
  );
}

async function talk<T>(
  remote: Remote,
  operation: GitAttempt['operation'],
  branch: string,
  command: () => Promise<T>,
): Promise<T> {
  try {
    return await command();
  } catch (error) {
    const { host, serverRefusals, hasPassphrase = false, secrets } = remote;
    throw remoteFailure(error, { operation, host, branch, serverRefusals, hasPassphrase }, secrets);
  }
}
