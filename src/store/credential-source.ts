import { type CredentialSource, parseCredentials } from '../domain/credentials';
import { WindlassError } from '../domain/errors';
import { type ProviderType } from '../domain/pipeline/pipeline';
import { secretValueFault, secretValueFaults } from '../domain/secret-value';
import { type PipelineStore } from './pipeline-store';

/**
 * Credentials out of the store's Secrets. Where a Secret has none for Git over HTTP, its token serves.
 * @param gitUsernameOf the user name that goes with a provider's token
 */
export function createCredentialSource(
  store: Pick<PipelineStore, 'secret'>,
  gitUsernameOf: (provider: ProviderType) => string,
): CredentialSource {
  return async ({ namespace, secretName, provider }) => {
    const name = `${namespace}/${secretName}`;
    const data = await store.secret(namespace, secretName);
    if (data === undefined) throw new WindlassError('credentials-missing', `There is no Secret ${name}.`);
    const credentials = parseCredentials(data);
    const { token, basic, bearerToken } = credentials;
    if (token === undefined) {
      throw new WindlassError(
        'credentials-missing',
        `The Secret ${name} has no token for the provider's API.`,
      );
    }
    const fault = secretValueFault(data['token']);
    if (fault !== undefined && fault !== 'missing') {
      const message = `The token of the Secret ${name} ${secretValueFaults[fault]}.`;
      throw new WindlassError('credentials-missing', message);
    }
    if (basic !== undefined || bearerToken !== undefined) return { ...credentials, token };
    return { ...credentials, token, basic: { username: gitUsernameOf(provider), password: token } };
  };
}
