import { z } from 'zod';
import { type SecretData } from '../domain/credentials';
import { isSopsCiphertext, secretValueFault, secretValueFaults } from '../domain/secret-value';
import { tokenSubstituteKeys } from '../domain/token-substitutes';
import { type ObjectFault } from './faults';
import { metadataSchema, readObject, type Reading } from './object-schema';

export const secretApiVersion = 'v1';
export const secretKind = 'Secret';

/** A Secret, decoded. */
export interface SecretManifest {
  readonly namespace: string;
  readonly name: string;
  readonly data: SecretData;
}

/** Standard base64 with its padding, as the API server requires it (Go's `base64.StdEncoding`). */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const encoded = z
  .string()
  .transform((text) => text.replace(/[\r\n]/g, ''))
  // What SOPS encrypted is left as it is, and told apart from keys wherever it is used.
  .refine(
    (text) => base64.test(text) || isSopsCiphertext(text),
    'is not base64: encode it, or move it to stringData',
  )
  .transform((text): Uint8Array => Buffer.from(text, isSopsCiphertext(text) ? 'utf8' : 'base64'));

const secretSchema = z.strictObject({
  apiVersion: z.literal(secretApiVersion),
  kind: z.literal(secretKind),
  metadata: metadataSchema,
  type: z.string().optional(),
  immutable: z.boolean().optional(),
  data: z.record(z.string(), encoded).default({}),
  stringData: z.record(z.string(), z.string()).default({}),
  /** What SOPS writes about its encryption, also where it left every value of ours plain. */
  sops: z.unknown().optional(),
});

/** The values that Windlass reads; another one may well look like a variable. */
const readKeys = new Set([
  ...['hmac-key', 'hmac-key-previous', 'webhook-secret', 'webhook-secret-previous'],
  ...['token', 'username', 'password', 'bearerToken', 'identity'],
  ...tokenSubstituteKeys,
]);

/** Reads one `Secret` object; `stringData` wins over `data`, as in Kubernetes. */
export function readSecretManifest(object: unknown): Reading<SecretManifest> {
  const { value, ...reading } = readObject(secretSchema, object);
  if (value === undefined) return reading;
  const { metadata, data, stringData } = value;
  const plain = Object.entries(stringData).map(([key, text]): [string, Uint8Array] => [
    key,
    Buffer.from(text),
  ]);
  return {
    ...reading,
    warnings: [
      ...reading.warnings,
      ...standIns('data', data),
      ...standIns('stringData', Object.fromEntries(plain)),
    ],
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      data: Object.fromEntries([...Object.entries(data), ...plain]),
    },
  };
}

function standIns(field: string, data: SecretData): ObjectFault[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const fault = secretValueFault(value);
    const counts = fault === 'encrypted' || (fault === 'unsubstituted' && readKeys.has(key));
    return counts ? [{ path: [field, key], reason: secretValueFaults[fault] }] : [];
  });
}
