import { secretValueFaults } from '../../domain/secret-value';

/**
 * Why a request gets 401, except for an invalid Pipeline, as one closed set. These sentences are only for the
 * operator's log: the sender must not learn the reason.
 */
export const unauthorizedReasons = {
  noPipeline: () => 'there is no such pipeline',
  noSecretNamed: () =>
    'neither this hop nor the pipeline names a Secret with hmac-key, and unsigned events are not allowed',
  noSecret: (secret: string) => `${secret} does not exist`,
  noKey: (secret: string, key: string) => `${secret} has no ${key}, or a blank one`,
  encryptedKey: (secret: string, key: string) => `${secret}'s ${key} ${secretValueFaults.encrypted}`,
  unsubstitutedKey: (secret: string, key: string) => `${secret}'s ${key} ${secretValueFaults.unsubstituted}`,
  noSignature: () => 'the request has no X-Signature: set the Provider to type generic-hmac',
  malformedSignature: () => 'X-Signature is malformed: it must be sha224, sha256, sha384 or sha512=<hex>',
  otherWhiteSpace: (secret: string, key: string) =>
    `the sender's key and ${secret}'s ${key} differ in white space only, such as a newline at the end: make them the same`,
  otherKey: (secret: string, key: string) =>
    `the signature was not made with ${secret}'s ${key} over these bytes`,
} as const satisfies Record<string, (...values: never[]) => string>;
