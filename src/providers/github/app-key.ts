import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { WindlassError } from '../../domain/errors';

/** GitHub's clock may be behind; it takes no token from the future, and none that ends more than ten minutes from now. */
const skewSeconds = 60;
const lifeSeconds = 5 * 60;
/** Node and GitHub take smaller keys; jose does not (RFC 7518, 3.3). GitHub makes keys of 2,048 bits. */
const minKeyBits = 2_048;

/**
 * Reads an App's private key: PKCS#1, as GitHub makes it, or PKCS#8. Line breaks that were lost, indented or written as `\n`
 * on its way into the Secret are put back.
 * @throws WindlassError bad-credentials, without anything of the key
 */
export function readAppKey(text: string): KeyObject {
  const found = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(
    text.replaceAll(/\\[rn]/g, '\n'),
  );
  const [, label = '', body = ''] = found ?? [];
  const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  try {
    const key = createPrivateKey(
      [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'),
    );
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType === 'rsa' && modulusLength >= minKeyBits) return key;
  } catch {
    // Whatever OpenSSL says could quote the key.
  }
  throw new WindlassError(
    'bad-credentials',
    'The githubAppPrivateKey of the Secret is not an RSA private key in PEM format without a passphrase: ' +
      'put in the file that GitHub made when you generated the key.',
  );
}

/**
 * A token that shows that the App itself asks:
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 * @param now milliseconds since the epoch
 */
export async function appToken(appId: string, key: KeyObject, now: number): Promise<string> {
  const seconds = Math.floor(now / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(appId)
    .setIssuedAt(seconds - skewSeconds)
    .setExpirationTime(seconds + lifeSeconds)
    .sign(key);
}
