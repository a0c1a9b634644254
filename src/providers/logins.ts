import {
  type ApiCredentials,
  type Credentials,
  type CredentialsReference,
  type ExchangedToken,
  type SecretData,
} from '../domain/credentials';
import { providerOf } from './registry';
import { type OpenOutbound } from './rest/api-access';
import { createExchangedTokens } from './rest/exchanged-tokens';

/** How credentials for the supported providers come about. */
export interface ProviderLogins {
  gitAccess(
    provider: CredentialsReference['provider'],
    credentials: ApiCredentials,
  ): Pick<Credentials, 'basic' | 'bearerToken'>;
  exchangedToken(reference: CredentialsReference, data: SecretData): Promise<ExchangedToken | undefined>;
}

/** @param open for the services' own login servers */
export function providerLogins(open: OpenOutbound): ProviderLogins {
  return {
    gitAccess: (provider, credentials) => providerOf(provider).gitAccess(credentials),
    exchangedToken: createExchangedTokens(providerOf, open),
  };
}
