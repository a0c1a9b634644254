import { type Access, type Authenticator } from '../../access/access';
import { createAccess } from '../../access/create-access';
import { openAccessPolicy, policyAuthorizer } from '../../access/policy/policy-authorizer';
import { openTokenFile, staticTokenAuthenticator } from '../../access/tokens/static-tokens';
import { settings } from '../../config/settings';
import { type OpenParts } from '../lifetime/open-parts';
import { type Foundation } from './foundation';
import { openOperatorFile } from './operator-file';

type Surroundings = Pick<Foundation, 'config' | 'log' | 'cluster'>;

/**
 * Opens what the settings say about who may use the API.
 * @returns undefined if no one could log in: nothing is configured that knows people
 * @throws ConfigurationError for a file that is invalid
 */
export async function openAccess(parts: OpenParts, { config, log }: Surroundings): Promise<Access | undefined> {
  const { tokensFile, policyFile } = config.access;
  const authenticators: Authenticator[] = [];
  if (tokensFile !== undefined) {
    const opening = openTokenFile({ file: tokensFile, log });
    const tokens = await parts.add(await openOperatorFile(settings.apiTokensFile, opening));
    authenticators.push(staticTokenAuthenticator(() => tokens.current()));
  }
  if (policyFile === undefined || authenticators.length === 0) return undefined;
  const opening = openAccessPolicy({ file: policyFile, log });
  const policy = await parts.add(await openOperatorFile(settings.accessPolicyFile, opening));
  return createAccess({ authenticators, authorizer: policyAuthorizer(() => policy.current()) });
}
