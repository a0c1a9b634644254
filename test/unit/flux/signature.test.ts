import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSignedWith, parseSignature } from '../../../src/flux/signature';

const algorithms = ['sha224', 'sha256', 'sha384', 'sha512'] as const;
const anyAlgorithm = fc.constantFrom(...algorithms);
const bytes = fc.uint8Array({ maxLength: 200 });
const hmac = (algorithm: string, key: Uint8Array, body: Uint8Array): string =>
  createHmac(algorithm, key).update(body).digest('hex');

describe('X-Signature', () => {
  it('of any key over any bytes with any of the algorithms is read and holds', () => {
    fc.assert(
      fc.property(anyAlgorithm, bytes, bytes, fc.boolean(), (algorithm, key, body, upperCase) => {
        const hex = hmac(algorithm, key, body);
        const signature = parseSignature(`${algorithm}=${upperCase ? hex.toUpperCase() : hex}`);
        return signature !== undefined && isSignedWith(key, signature, body);
      }),
    );
  });

  it('holds for no other bytes', () => {
    fc.assert(
      fc.property(anyAlgorithm, bytes, bytes, bytes, (algorithm, key, body, other) => {
        fc.pre(Buffer.compare(body, other) !== 0);
        const signature = parseSignature(`${algorithm}=${hmac(algorithm, key, body)}`);
        return signature !== undefined && !isSignedWith(key, signature, other);
      }),
    );
  });

  it('is malformed with a digit more or less than its algorithm has', () => {
    fc.assert(
      fc.property(anyAlgorithm, fc.integer({ min: 1, max: 200 }), (algorithm, digits) => {
        const right = { sha224: 56, sha256: 64, sha384: 96, sha512: 128 }[algorithm];
        return (parseSignature(`${algorithm}=${'a'.repeat(digits)}`) !== undefined) === (digits === right);
      }),
    );
  });

  it('is malformed as anything else, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((s) => `sha256=${s}`),
        ),
        (text) => {
          fc.pre(!/^sha256=[0-9a-f]{64}$/i.test(text));
          return parseSignature(text) === undefined;
        },
      ),
    );
  });

  it.each([
    '',
    'sha256',
    `sha256=${'g'.repeat(64)}`,
    `SHA256=${'a'.repeat(64)}`,
    `sha1=${'a'.repeat(40)}`,
    `md5=${'a'.repeat(32)}`,
    `sha256=${'a'.repeat(64)}, sha256=${'b'.repeat(64)}`,
    ` sha256=${'a'.repeat(64)}`,
    `sha256=${'a'.repeat(64)}\n`,
    'a'.repeat(64),
  ])('is malformed as %j', (text) => {
    expect(parseSignature(text)).toBeUndefined();
  });
});
