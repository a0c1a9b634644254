import { createMessage, decryptKey, readPrivateKey, sign, type PrivateKey } from 'openpgp';
import { WindlassError } from '../../domain/errors';
import { type SigningKey } from '../../domain/signing-key';

/**
 * A detached signature as `gpg --detach-sign --armor` makes it (git help config, gpg.format).
 * @param secret `namespace/name`, for people
 */
export async function signWithOpenPgp(key: SigningKey, commit: Buffer, secret: string): Promise<string> {
  const privateKey = await unlock(await readKey(key.key, secret), key.passphrase, secret);
  const message = await createMessage({ binary: new Uint8Array(commit) });
  try {
    const armored: unknown = await sign({
      message,
      signingKeys: privateKey,
      detached: true,
      format: 'armored',
    });
    return String(armored);
  } catch (error) {
    // Its words may hold what is in the key: an expired or revoked one is the usual case.
    throw failure(
      `The OpenPGP key of the Secret ${secret} cannot sign: it may be expired or revoked.`,
      error,
    );
  }
}

async function readKey(armoredKey: string, secret: string): Promise<PrivateKey> {
  try {
    return await readPrivateKey({ armoredKey });
  } catch (error) {
    throw failure(`git.asc of the Secret ${secret} is no armored OpenPGP private key.`, error);
  }
}

async function unlock(
  privateKey: PrivateKey,
  passphrase: string | undefined,
  secret: string,
): Promise<PrivateKey> {
  if (privateKey.isDecrypted()) return privateKey;
  if (passphrase === undefined)
    throw failure(`The OpenPGP key of the Secret ${secret} is encrypted, and there is no passphrase.`);
  try {
    return await decryptKey({ privateKey, passphrase });
  } catch (error) {
    throw failure(`The passphrase of the Secret ${secret} does not open its OpenPGP key.`, error);
  }
}

function failure(fault: string, cause?: unknown): WindlassError {
  return new WindlassError('signing-failed', fault, { cause });
}
