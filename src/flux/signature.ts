import { createHmac, timingSafeEqual } from 'node:crypto';

const digestBytes = { sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;

export interface Signature {
  readonly algorithm: keyof typeof digestBytes;
  readonly digest: Buffer;
}

/**
 * Reads `X-Signature: <alg>=<hex>` as Flux's notification-controller writes it (type `generic-hmac`,
 * https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac).
 * @returns undefined if it is malformed: unknown algorithm, not hexadecimal, wrong length
 */
export function parseSignature(header: string): Signature | undefined {
  const [, name, hex] = /^(sha224|sha256|sha384|sha512)=([0-9a-fA-F]+)$/.exec(header) ?? [];
  if (name === undefined || hex === undefined) return undefined;
  const algorithm = name as Signature['algorithm'];
  return hex.length === digestBytes[algorithm] * 2
    ? { algorithm, digest: Buffer.from(hex, 'hex') }
    : undefined;
}

/** Whether the signature over exactly these bytes was made with this key; takes the same time in both cases. */
export function isSignedWith(key: Uint8Array, signature: Signature, body: Uint8Array): boolean {
  const expected = createHmac(signature.algorithm, key).update(body).digest();
  return timingSafeEqual(expected, signature.digest);
}
