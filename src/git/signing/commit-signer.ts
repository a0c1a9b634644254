import { WindlassError } from '../../domain/errors';
import { type SigningKeyReference, type SigningKeySource } from '../../domain/signing-key';
import { signWithOpenPgp } from './openpgp-signature';
import { signWithSsh, type SshSigningOptions } from './ssh-signature';

/**
 * Signs a commit object, with today's key.
 * @returns the armored signature, without a line end at its end
 * @throws WindlassError signing-failed, store-unavailable, timed-out; the signal's reason
 */
export type CommitSigner = (reference: SigningKeyReference, commit: Buffer) => Promise<string>;

/** The key is in memory, or in a private directory in memory, for the one call alone. */
export function createCommitSigner(
  keys: SigningKeySource | undefined,
  options: SshSigningOptions,
): CommitSigner {
  return async (reference, commit) => {
    if (keys === undefined) throw new WindlassError('signing-failed', 'No signing keys can be read here.');
    const key = await keys(reference);
    const name = `${reference.namespace}/${reference.secretName}`;
    const signature =
      key.kind === 'openpgp'
        ? await signWithOpenPgp(key, commit, name)
        : await signWithSsh(key, commit, name, options);
    return signature.replaceAll('\r\n', '\n').trimEnd();
  };
}
