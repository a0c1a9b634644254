/**
 * A key that commits are signed with, and the reference that a promotion carries in its stead. The Secret's keys are
 * Flux's: `git.asc` and `passphrase` of an ImageUpdateAutomation's signing key
 * (https://fluxcd.io/flux/components/image/imageupdateautomations/#signing-key), `identity` and `password` of a
 * GitRepository's SSH credentials.
 */
import { type SecretData } from './credentials';
import { isBlank } from './secret-value';

/** Where a signing key is. Nothing in it is secret. */
export interface SigningKeyReference {
  readonly namespace: string;
  readonly secretName: string;
}

export interface SigningKey {
  readonly kind: 'openpgp' | 'ssh';
  /** Armored, as it was exported. */
  readonly key: string;
  readonly passphrase?: string;
}

/**
 * Reads today's key, for the one commit that it signs.
 * @throws WindlassError signing-failed, store-unavailable
 */
export type SigningKeySource = (reference: SigningKeyReference) => Promise<SigningKey>;

/** What a Secret must hold, for people. */
export const signingKeyNames = 'git.asc or identity' as const;

/** The value that signs: OpenPGP before SSH; undefined where both are missing or blank. */
export function signingKeyValue(data: SecretData): Uint8Array | undefined {
  return [data['git.asc'], data['identity']].find((value) => value?.every(isBlank) === false);
}

/** @returns undefined where the Secret has no key to sign with */
export function parseSigningKey(data: SecretData): SigningKey | undefined {
  const text = (key: string): string | undefined => {
    const value = data[key] === undefined ? '' : new TextDecoder().decode(data[key]);
    return value.trim() === '' ? undefined : value;
  };
  const openpgp = text('git.asc');
  const ssh = text('identity');
  const key = openpgp ?? ssh;
  if (key === undefined) return undefined;
  const passphrase = (text('passphrase') ?? text('password'))?.replace(/[\r\n]+$/, '');
  return {
    kind: openpgp === undefined ? 'ssh' : 'openpgp',
    key: `${key.trim()}\n`,
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}
