/** The file of the keys that sign capabilities. */
import { z } from 'zod';
import { type CapabilityKeys } from '../capability/capability-keys';
import { type OperatorFileReading, readOperatorFile } from './operator-file';

const leastBytes = 32;
const mostBytes = 1_024;
/** One that signs, and those that signed before. */
const mostKeys = 10;

const secret = z
  .string()
  .max(2 * mostBytes, 'is too long')
  .refine(isBase64, 'must be base64')
  .transform((text) => new Uint8Array(Buffer.from(text.trim(), 'base64')))
  .refine(
    ({ length }) => length >= leastBytes && length <= mostBytes,
    `must be ${leastBytes} to ${mostBytes} bytes in base64: make one with "openssl rand -base64 ${leastBytes}"`,
  );

const schema = z
  .strictObject({
    keys: z
      .tuple([z.strictObject({ id: keyId(), key: secret })], z.strictObject({ id: keyId(), key: secret }))
      .check(({ value, issues }) => {
        const ids = value.map(({ id }) => id);
        if (value.length > mostKeys) {
          issues.push({ code: 'custom', input: undefined, message: `has more than ${mostKeys} keys` });
        }
        if (new Set(ids).size < ids.length) {
          issues.push({ code: 'custom', input: undefined, message: 'has two keys with the same id' });
        }
      }),
    acceptUnsignedBefore: z.iso
      .datetime({ offset: true, message: 'must be a time as in RFC 3339: "2026-01-31T12:00:00Z"' })
      .transform((text) => Date.parse(text))
      .optional(),
  })
  .transform(({ keys, acceptUnsignedBefore }): CapabilityKeys => ({
    keys,
    ...(acceptUnsignedBefore === undefined ? {} : { acceptUnsignedBefore }),
  }));

function keyId() {
  return z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"');
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text.trim());
}

/** @param source the file's name, for the messages */
export function readCapabilityKeys(text: string, source: string): OperatorFileReading<CapabilityKeys> {
  return readOperatorFile<CapabilityKeys>(schema, 'list of keys', text, source);
}
