/**
 * Names from outside of Kubernetes: each has the prefix of its authenticator, so that no issuer and no file can name a user or
 * group of another one. Kubernetes keeps names that begin with `system:` for itself
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects).
 */
import { isName, longestName } from '../domain/approvals/approval-settings';
import { type Authentication, type Caller } from './access';

/** Of static tokens: no other authenticator may use it. */
export const tokenPrefix = 'token:';
const kubernetesPrefix = 'system:';

/** As many as a decision carries, and as identity providers put into a token. */
export const mostGroups = 200;

export interface Prefixes {
  readonly user: string;
  readonly group: string;
}

export interface NamesFromOutside {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Adds the prefixes to the names in a token. @returns the names, or a sentence that says which is refused */
export function prefixNames(
  { user, groups }: NamesFromOutside,
  prefixes: Prefixes,
): NamesFromOutside | string {
  const named = [
    ...groups.map((name) => ({ name, full: prefixes.group + name, what: 'group' })),
    { name: user, full: prefixes.user + user, what: 'user' },
  ];
  for (const { name, full, what } of named) {
    if (!isName(name) || !isName(full)) {
      return `The token names a ${what} that is empty, longer than ${longestName} characters, or has invisible characters: ask for another name at the issuer.`;
    }
    if ([name, full].some((text) => text.startsWith(kubernetesPrefix))) {
      return `The token names the ${what} ${JSON.stringify(name)}: names that begin with ${kubernetesPrefix} belong to Kubernetes. Rename it at the issuer.`;
    }
  }
  return { user: prefixes.user + user, groups: groups.map((group) => prefixes.group + group) };
}

/** A caller with no more groups than a record can carry; who has more is warned. */
export function knownCaller(caller: Caller): Authentication {
  const { groups } = caller;
  if (groups.length <= mostGroups) return { known: true, caller };
  const warning = `The token names ${groups.length} groups, and only the first ${mostGroups} count: let the issuer name only the groups that matter here.`;
  return { known: true, caller: { ...caller, groups: groups.slice(0, mostGroups), warning } };
}
