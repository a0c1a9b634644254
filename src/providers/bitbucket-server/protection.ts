import { gatesCheckName, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { branchRef } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { type RefMatcher, requiredBuildsSchema } from './schema';

/** Required builds are in Data Center since 7.14: older versions and Server do not have that API. */
const notForThisToken = ['forbidden', 'repository-not-found'] as const;

/** Needs the right to read the repository. */
export function requiresCheckOn({ client, route }: RepositoryApi): PullRequestProvider['requiresCheck'] {
  return async (base, signal) => {
    const list = route('GET', 'conditions', { of: 'required-builds', query: { limit: '100' } });
    const conditions = await unlessRefused(
      notForThisToken,
      client.request(requiredBuildsSchema, list, signal),
    );
    if (conditions === undefined) return undefined;
    const answers = conditions
      .filter(({ buildParentKeys }) => buildParentKeys.includes(gatesCheckName))
      .map(({ refMatcher, exemptRefMatcher }) => {
        const covers = matches(refMatcher, base);
        // Exempt are source branches: whether the promotion branches are among them, is not asked here.
        return covers === true && isSome(exemptRefMatcher) ? undefined : covers;
      });
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? undefined : false;
  };
}

function isSome(matcher: RefMatcher | null | undefined): boolean {
  return matcher !== null && matcher !== undefined;
}

/** @returns undefined for patterns and for branches of the branching model, which Bitbucket alone can resolve */
function matches({ id, type }: RefMatcher, branch: string): boolean | undefined {
  if (type.id === 'ANY_REF') return true;
  return type.id === 'BRANCH' ? id === branchRef(branch) || id === branch : undefined;
}
