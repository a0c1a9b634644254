import { type Access, type Authenticator, type Authorizer } from '../../access/access';
import { createAccess } from '../../access/create-access';
import { accessReviewAuthorizer } from '../../access/kubernetes/access-review-authorizer';
import { tokenReviewAuthenticator } from '../../access/kubernetes/token-review-authenticator';
import { openAccessPolicy, policyAuthorizer } from '../../access/policy/policy-authorizer';
import { openTokenFile, staticTokenAuthenticator } from '../../access/tokens/static-tokens';
import { settings } from '../../config/settings';
import { type OpenParts } from '../lifetime/open-parts';
import { type Foundation } from './foundation';
import { openIssuer } from './open-issuer';
import { openOperatorFile } from './operator-file';

type Surroundings = Pick<Foundation, 'config' | 'log'> & {
  readonly cluster: Pick<NonNullable<Foundation['cluster']>, 'kubeConfig'> | undefined;
};

/**
 * Opens what the settings say about who may use the API.
 * @returns undefined if no one could log in: nothing is configured that knows people
 * @throws ConfigurationError for a file that is invalid
 */
export async function openAccess(parts: OpenParts, surroundings: Surroundings): Promise<Access | undefined> {
  const authenticators = await openAuthenticators(parts, surroundings);
  if (authenticators.length === 0) return undefined;
  const authorizer = await openAuthorizer(parts, surroundings);
  return authorizer === undefined ? undefined : createAccess({ authenticators, authorizer });
}

async function openAuthenticators(
  parts: OpenParts,
  { config, log, cluster }: Surroundings,
): Promise<readonly Authenticator[]> {
  const { tokensFile, oidc, audiences } = config.access;
  const authenticators: Authenticator[] = [];
  const issuer = await openIssuer(oidc, log);
  if (issuer !== undefined) authenticators.push(issuer);
  if (tokensFile !== undefined) {
    const opening = openTokenFile({ file: tokensFile, log });
    const tokens = await parts.add(await openOperatorFile(settings.apiTokensFile, opening));
    authenticators.push(staticTokenAuthenticator(() => tokens.current()));
  }
  // Last: it sends the tokens that no other one knows to the API server.
  if (cluster !== undefined) {
    authenticators.push(tokenReviewAuthenticator({ kubeConfig: cluster.kubeConfig, audiences, log }));
  }
  return authenticators;
}

async function openAuthorizer(
  parts: OpenParts,
  { config, log, cluster }: Surroundings,
): Promise<Authorizer | undefined> {
  const { policyFile } = config.access;
  if (policyFile === undefined) {
    return cluster && accessReviewAuthorizer({ kubeConfig: cluster.kubeConfig, log });
  }
  const opening = openAccessPolicy({ file: policyFile, log });
  const policy = await parts.add(await openOperatorFile(settings.accessPolicyFile, opening));
  return policyAuthorizer(() => policy.current());
}
