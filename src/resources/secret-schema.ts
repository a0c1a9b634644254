import { z } from 'zod';
import { type SecretData } from '../domain/credentials';
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
  .refine((text) => base64.test(text), 'is not base64: encode it, or move it to stringData')
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

const secretSchema = z.strictObject({
  apiVersion: z.literal(secretApiVersion),
  kind: z.literal(secretKind),
  metadata: metadataSchema,
  type: z.string().optional(),
  immutable: z.boolean().optional(),
  data: z.record(z.string(), encoded).default({}),
  stringData: z.record(z.string(), z.string()).default({}),
});

/** Reads one `Secret` object; `stringData` takes precedence over `data`, as in Kubernetes. */
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
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      data: Object.fromEntries([...Object.entries(data), ...plain]),
    },
  };
}
