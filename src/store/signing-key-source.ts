import { WindlassError } from '../domain/errors';
import { parseSigningKey, signingKeyNames, type SigningKeySource } from '../domain/signing-key';
import { type PipelineStore } from './pipeline-store';

/** Signing keys out of the store's Secrets. */
export function createSigningKeySource(store: Pick<PipelineStore, 'secret'>): SigningKeySource {
  return async ({ namespace, secretName }) => {
    const name = `${namespace}/${secretName}`;
    const data = await store.secret(namespace, secretName);
    if (data === undefined) throw new WindlassError('signing-failed', `There is no Secret ${name}.`);
    const key = parseSigningKey(data);
    if (key !== undefined) return key;
    throw new WindlassError('signing-failed', `The Secret ${name} has no ${signingKeyNames} to sign with.`);
  };
}
