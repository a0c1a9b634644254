import {
  type ApiCredentials,
  type Credentials,
  type CredentialsReference,
  type CredentialSource,
  type ExchangedToken,
  parseCredentials,
  type SecretData,
} from '../domain/credentials';
import { WindlassError } from '../domain/errors';
import { secretValueFault, secretValueFaults } from '../domain/secret-value';
import { substituteAccount } from '../domain/token-substitutes';
import { type PipelineStore } from './pipeline-store';

/** How a provider's credentials come about. */
export interface LoginWays {
  /** How Git over HTTP logs in with the API's token. */
  gitAccess(
    provider: CredentialsReference['provider'],
    credentials: ApiCredentials,
  ): Pick<Credentials, 'basic' | 'bearerToken'>;
  /** A token that is obtained with what the Secret has in place of one; undefined where it has nothing of the kind. */
  exchangedToken(reference: CredentialsReference, data: SecretData): Promise<ExchangedToken | undefined>;
}

/** Credentials out of the store's Secrets. Where a Secret has none for Git over HTTP, its token serves. */
export function createCredentialSource(
  store: Pick<PipelineStore, 'secret'>,
  ways: LoginWays,
): CredentialSource {
  return async (reference) => {
    const { namespace, secretName, provider } = reference;
    const name = `${namespace}/${secretName}`;
    const data = await store.secret(namespace, secretName);
    if (data === undefined) throw new WindlassError('credentials-missing', `There is no Secret ${name}.`);
    const credentials = parseCredentials(data);
    const { basic, bearerToken, username } = credentials;
    const given = givenToken(name, data, credentials);
    const exchanged = given === undefined ? await ways.exchangedToken(reference, data) : undefined;
    const token = given ?? exchanged?.token;
    if (token === undefined) {
      throw new WindlassError(
        'credentials-missing',
        `The Secret ${name} has no token for the provider's API.`,
      );
    }
    const account = exchanged === undefined ? undefined : substituteAccount(provider, data);
    const forBoth = {
      ...credentials,
      token,
      ...(exchanged === undefined ? {} : { forget: exchanged.forget }),
      ...(account === undefined ? {} : { account }),
    };
    if (basic !== undefined || bearerToken !== undefined) return forBoth;
    const forApi = { token, ...(username === undefined ? {} : { username }) };
    return { ...forBoth, ...ways.gitAccess(provider, forApi) };
  };
}

/** @throws WindlassError credentials-missing for one that was never decrypted or substituted */
function givenToken(name: string, data: SecretData, { token }: Credentials): string | undefined {
  if (token === undefined) return undefined;
  const fault = secretValueFault(data['token']);
  if (fault === undefined || fault === 'missing') return token;
  const message = `The token of the Secret ${name} ${secretValueFaults[fault]}.`;
  throw new WindlassError('credentials-missing', message);
}
