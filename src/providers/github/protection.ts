import { gatesCheckName, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import { branchRulesSchema, branchSchema } from './schema';

/** GitHub hides what a token may not see behind 404, too. */
const notForThisToken = ['forbidden', 'repository-not-found'] as const;

/**
 * Branch protection and rulesets both require checks. The settings of a branch's protection are for administrators; what
 * the branch itself says of it, every reader may see.
 */
export function requiresCheckOn(api: RepositoryApi): PullRequestProvider['requiresCheck'] {
  return async (base, signal) => {
    const byRule = await contextsOfRules(api, base, signal);
    if (byRule?.some(isGates) === true) return true;
    // Where rulesets are refused, as on a plan without them, there are none that count.
    return (await contextsOfProtection(api, base, signal))?.some(isGates);
  };
}

/** Needs the right to read contents. */
async function contextsOfProtection(
  { route, name, client }: RepositoryApi,
  base: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const get = route('GET /repos/{owner}/{repo}/branches/{branch}', { ...name, branch: base });
  const branch = await unlessRefused(notForThisToken, client.request(branchSchema, get, signal));
  const { protection, protected: isProtected } = branch ?? { protected: true };
  if (protection === undefined) return isProtected ? undefined : [];
  const { contexts = [], checks = [] } = protection.required_status_checks ?? {};
  return [...contexts, ...checks.map(({ context }) => context)];
}

/** Needs the right to read metadata, which every token has. */
async function contextsOfRules(
  { route, name, client }: RepositoryApi,
  base: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const which = { ...name, branch: base, per_page: 100 };
  const list = route('GET /repos/{owner}/{repo}/rules/branches/{branch}', which);
  const rules = await unlessRefused(notForThisToken, client.request(branchRulesSchema, list, signal));
  return rules
    ?.filter(({ type }) => type === 'required_status_checks')
    .flatMap(({ parameters }) => parameters?.required_status_checks ?? [])
    .map(({ context }) => context);
}

/** GitHub takes contexts that differ in case for the same. */
function isGates(context: string): boolean {
  return context.toLowerCase() === gatesCheckName;
}
