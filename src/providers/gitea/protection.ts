import { gatesCheckName, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { branchSchema } from './schema';

/** The rules of branch protection are for administrators; what the branch itself says of them, every reader may see. */
export function requiresCheckOn({ client, at }: RepositoryApi): PullRequestProvider['requiresCheck'] {
  return async (base, signal) => {
    const branch = await unlessRefused(
      ['forbidden', 'repository-not-found'],
      client.request(branchSchema, at('GET', `branches/${encodeURIComponent(base)}`), signal),
    );
    if (branch === undefined) return undefined;
    if (!branch.protected || !branch.enable_status_check) return false;
    const patterns = branch.status_check_contexts ?? [];
    // Without any, all statuses that a commit has must succeed.
    if (patterns.length === 0 || patterns.some(matchesGates)) return true;
    return patterns.some(isBeyondUs) ? undefined : false;
  };
}

/** Gitea's patterns are those of https://pkg.go.dev/github.com/gobwas/glob without separators: `*` goes across slashes. */
function matchesGates(pattern: string): boolean {
  if (isBeyondUs(pattern)) return false;
  const literal = pattern.replace(/[.+^$()|/]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 'u').test(gatesCheckName);
}

/** Classes, alternatives and escapes; no one writes them for a single name. */
function isBeyondUs(pattern: string): boolean {
  return /[[\]{}\\]/.test(pattern);
}
