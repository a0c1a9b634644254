/** Values that a browser keeps for the server, which alone can read and make them: AES-256-GCM under a key for one purpose. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface Sealer {
  /** @param value JSON @returns base64url: shorter than the value where it repeats itself, as lists of groups do */
  seal(value: unknown): string;
  /** @returns undefined: no key of today sealed it for this purpose, or it was changed */
  open(text: string): Opened | undefined;
}

export interface Opened {
  readonly value: unknown;
  /** The same for every spelling of one sealed text, and for no other one. */
  readonly id: string;
}

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** More than what fits into the cookies of a session. */
const longestText = 32 * 1024;
const mostValueBytes = 256 * 1024;

/**
 * @param keys the first seals, all open; each has at least 32 bytes
 * @param purpose what is sealed for another purpose does not open
 */
export function createSealer(keys: () => readonly Uint8Array[], purpose: string): Sealer {
  // RFC 5869: keys for different uses from one secret.
  const derived = (key: Uint8Array): Buffer =>
    Buffer.from(hkdfSync('sha256', key, '', `windlass dashboard ${purpose} v1`, keyBytes));
  return {
    seal(value) {
      const [key] = keys();
      if (key === undefined) throw new Error('There is no key to seal with.');
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, derived(key), nonce, { authTagLength: tagBytes });
      const plain = deflateRawSync(JSON.stringify(value), { level: 9 });
      const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return sealed.toString('base64url');
    },
    open(text) {
      if (text.length > longestText) return undefined;
      const sealed = Buffer.from(text, 'base64url');
      if (sealed.length <= nonceBytes + tagBytes) return undefined;
      const nonce = sealed.subarray(0, nonceBytes);
      for (const key of keys()) {
        const plain = decrypted(derived(key), nonce, sealed);
        if (plain !== undefined) return { value: readJson(plain), id: nonce.toString('base64url') };
      }
      return undefined;
    },
  };
}

function decrypted(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function readJson(plain: Buffer): unknown {
  return JSON.parse(inflateRawSync(plain, { maxOutputLength: mostValueBytes }).toString('utf8')) as unknown;
}
