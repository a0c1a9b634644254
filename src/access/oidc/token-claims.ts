/** Who a verified token names. */
import { type JWTPayload } from 'jose';
import { type Authentication } from '../access';
import { knownCaller, type Prefixes, prefixNames } from '../prefixed-names';

export interface ClaimNames {
  readonly user: string;
  readonly groups: string;
}

/** @param claims of a token whose signature, issuer, audience and times were verified */
export function callerOf(claims: JWTPayload, names: ClaimNames, prefixes: Prefixes): Authentication {
  const user = claims[names.user];
  if (typeof user !== 'string' || user === '') {
    return refused(
      `The token has no claim "${names.user}" with a name: request the scope that adds it when you log in, or set --oidc-username-claim.`,
    );
  }
  // As kube-apiserver does: an address that someone only claims to have is no name.
  if (names.user === 'email' && (claims['email_verified'] ?? true) !== true) {
    return refused('The issuer has not verified your e-mail address: verify it there, then log in again.');
  }
  const groups = readGroups(claims[names.groups]);
  if (groups === undefined) {
    return refused(
      `The claim "${names.groups}" of the token must be a name or a list of names: set --oidc-groups-claim.`,
    );
  }
  const prefixed = prefixNames({ user, groups }, prefixes);
  if (typeof prefixed === 'string') return refused(prefixed);
  const warning = claims[names.groups] === undefined ? missingGroups(claims, names.groups) : undefined;
  return knownCaller({
    name: prefixed.user,
    groups: prefixed.groups,
    via: 'oidc',
    ...(warning === undefined ? {} : { warning }),
  });
}

/** Why the groups are missing, and what to do. Entra ID: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference#groups-overage-claim. */
function missingGroups(claims: JWTPayload, claim: string): string {
  const elsewhere = claims['_claim_names'];
  const isElsewhere = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  const flag = claims['hasgroups'];
  if (isElsewhere || flag === true || flag === 'true') {
    return 'The issuer left your groups out of the token, because they are too many (Entra ID: more than 200). Permissions of groups do not apply to you. Let the issuer add only the groups that are assigned to the application, or use app roles.';
  }
  return `The token has no claim "${claim}", so that permissions of groups do not apply to you. If you are in groups, request the scope that adds them when you log in.`;
}

/** @returns undefined if it is not a list of names */
function readGroups(claim: unknown): readonly string[] | undefined {
  if (claim === undefined) return [];
  const groups: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return groups.every((group) => typeof group === 'string') ? groups : undefined;
}

function refused(fault: string): Authentication {
  return { known: false, fault };
}
