import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { type TlsMaterial } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';

const certificateBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * What to trust and to show in TLS: the system's authorities and those of the Secret, and its client certificate.
 * @returns undefined where the Secret has neither, for Node's own defaults
 * @throws WindlassError bad-credentials when the material cannot be read: OpenSSL would ignore a broken ca.crt
 */
export function secureContextOf(material: TlsMaterial): SecureContext | undefined {
  if (material.ca === undefined && material.client === undefined) return undefined;
  const own = material.ca === undefined ? [] : certificatesOf(material.ca);
  try {
    return createSecureContext({
      // Naming any authority replaces Node's own list, NODE_EXTRA_CA_CERTS among it.
      ca: [...getCACertificates('default'), ...own],
      ...(material.client === undefined
        ? {}
        : { cert: material.client.certificate, key: material.client.key }),
    });
  } catch {
    // OpenSSL's message may quote the material.
    throw new WindlassError(
      'bad-credentials',
      'tls.crt and tls.key are not a certificate and its key in PEM.',
    );
  }
}

function certificatesOf(pem: string): string[] {
  const blocks = pem.match(certificateBlock) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw new WindlassError('bad-credentials', 'ca.crt holds something that is not a certificate in PEM.');
  }
  return blocks;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
