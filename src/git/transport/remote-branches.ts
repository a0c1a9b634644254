/** Talking to the remote: which branches it has, fetching them, pushing one. */
import { WindlassError } from '../../domain/errors';
import { branchRef } from './branch-ref';
import { type GitAttempt } from './failure-classification';
import { type Git } from '../process/git-command';
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
  /** Texts to keep out of messages. */
  readonly secrets: readonly string[];
}

/**
 * Asks the remote, with today's credentials, where the branches are.
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

/** Fetches branches into their local refs, with `depth` commits of history. */
export async function fetchBranches(
  git: Git,
  remote: Remote,
  branches: readonly string[],
  depth: number,
): Promise<void> {
  const refspecs = branches.map((branch) => `+${branchRef(branch)}:${localRef(branch)}`);
  const options = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-auto-maintenance'];
  await talk(remote, 'fetch', branches[0] ?? '', () =>
    git.text(['fetch', `--depth=${depth}`, ...options, '--', remote.href, ...refspecs]),
  );
}

/**
 * Points a branch at `commit` if its head is still `expected` (undefined: no such branch).
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
    git.text(['push', '--porcelain', '--no-verify', lease, '--', remote.href, `${commit}:${ref}`]),
  );
}

async function talk(
  remote: Remote,
  operation: GitAttempt['operation'],
  branch: string,
  command: () => Promise<string>,
): Promise<string> {
  try {
    return await command();
  } catch (error) {
    throw remoteFailure(error, { operation, host: remote.host, branch }, remote.secrets);
  }
}
