import { type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { type BranchRestriction, restrictionsSchema } from './schema';

/**
 * Bitbucket requires no build by its name, but a number of passed builds, and that none of the commit has failed or is in
 * progress: https://www.atlassian.com/blog/bitbucket/more-reliable-merge-checks. So `windlass/gates` keeps a pull request from
 * being merged while it is in progress, where its merge checks are enforced, which takes a Premium plan. Only administrators
 * may read that.
 */
export function requiresCheckOn({ client, list }: RepositoryApi): PullRequestProvider['requiresCheck'] {
  return async (base, signal) => {
    const request = list('branch-restrictions', { fields: 'kind,branch_match_kind,pattern,value' });
    const restrictions = await unlessRefused(
      ['forbidden', 'repository-not-found'],
      client.request(restrictionsSchema, request, signal),
    );
    if (restrictions === undefined) return undefined;
    const builds = restrictions.filter(
      ({ kind, value }) => kind === 'require_passing_builds_to_merge' && (value ?? 1) > 0,
    );
    const enforced = restrictions.filter(({ kind }) => kind === 'enforce_merge_checks');
    return allOf(anyCovers(builds, base), anyCovers(enforced, base));
  };
}

/** Whether one of them is for the branch; undefined where that is not known. */
function anyCovers(restrictions: readonly BranchRestriction[], branch: string): boolean | undefined {
  const answers = restrictions.map((each) => covers(each, branch));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function allOf(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false;
  return left === undefined || right === undefined ? undefined : true;
}

/** The branches of a branching model are in a setting of their own; what brackets mean is not documented. */
function covers(
  { branch_match_kind: kind, pattern }: BranchRestriction,
  branch: string,
): boolean | undefined {
  if (kind !== 'glob' || pattern === null || pattern === undefined) return undefined;
  if (pattern === branch) return true;
  if (/[?[\]{}\\]/.test(pattern) || pattern.length > 250) return undefined;
  return matchesGlob(pattern, branch);
}

/** `*` is any text, slashes too: https://support.atlassian.com/bitbucket-cloud/docs/use-branch-permissions/ */
function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length && text.endsWith(last);
}
