/**
 * What a Secret holds for TLS and ssh, checked before git uses it: of a broken CA file or key, git and ssh say nothing, or
 * that the server refuses.
 */
import { X509Certificate } from 'node:crypto';
import { WindlassError } from '../../domain/errors';

const certificateBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\s*([\s\S]+?)-----END [A-Z0-9 ]*PRIVATE KEY-----/;

/** @throws WindlassError bad-credentials for anything but certificates in PEM */
export function checkAuthorities(ca: string): void {
  const blocks = ca.match(certificateBlock) ?? [];
  if (blocks.length > 0 && blocks.every(isCertificate)) return;
  throw new WindlassError(
    'bad-credentials',
    'ca.crt of the Secret holds something that is not a certificate in PEM.',
  );
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

/** @throws WindlassError bad-credentials if it is not a private key, credentials-missing if it is encrypted and there is no passphrase */
export function checkIdentity(identity: string, passphrase: string | undefined): void {
  const body = privateKey.exec(identity)?.[1];
  if (body === undefined) {
    throw new WindlassError(
      'bad-credentials',
      'The identity of the Secret is not an SSH private key (-----BEGIN OPENSSH PRIVATE KEY-----).',
    );
  }
  if (passphrase === undefined && isEncrypted(identity, body)) {
    throw new WindlassError(
      'credentials-missing',
      'The identity of the Secret is encrypted, and the Secret has no password to decrypt it with.',
    );
  }
}

/** After this and a length, 4 bytes each, comes the name of the cipher, `none` for a key that is not encrypted. */
const opensshMagic = 'openssh-key-v1\0';

/** Of OpenSSH's own format: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key; else of PEM. */
function isEncrypted(identity: string, body: string): boolean {
  if (/BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(identity)) return true;
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('latin1', 0, opensshMagic.length) !== opensshMagic) return false;
  const start = opensshMagic.length + 4;
  return bytes.toString('latin1', start, start + 4) !== 'none';
}
