import { randomBytes } from 'node:crypto';
import { type SecretData } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import {
  type Hop,
  type Pipeline,
  type PipelineRef,
  findHop,
  findHopInto,
} from '../../domain/pipeline/pipeline';
import { isBlank, secretValueFault, type SecretValueFault } from '../../domain/secret-value';
import { type PipelineStore } from '../../store/pipeline-store';
import { type Signature, isSignedWith, parseSignature } from '../../flux/signature';
import { unauthorizedReasons } from './unauthorized-reasons';

export type Authentication =
  | { readonly authentic: true; readonly pipeline: Pipeline; readonly signed: boolean }
  /**
   * `why` is only for the operator's log. It is computed after the answer, so that the response time reveals nothing.
   */
  | { readonly authentic: false; readonly why: () => string };

export interface SignedRequest {
  readonly ref: PipelineRef;
  readonly environment: string;
  /** The environment is the one promoted into; absent: the one that the event comes from. */
  readonly into?: true;
  /** The `X-Signature` header. */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
  /** The header of W3C Trace Context; anyone can have written it. */
  readonly traceparent?: string | undefined;
}

/**
 * The keys of a Secret. To rotate without losing an event: move the old key to `hmac-key-previous`, put the new one
 * into `hmac-key`, give every sender the new one, then remove the old.
 */
const currentKey = 'hmac-key';
const previousKey = 'hmac-key-previous';

/** Used if there is nothing to look up or to compare, so that every rejection costs the same work. */
const dummyKey = randomBytes(32);
const dummySecretName = 'no-such-secret';
const dummySignature: Signature = { algorithm: 'sha256', digest: Buffer.alloc(32) };

/**
 * Verifies that the sender has the key of the hop that it claims: the key in the Secret of the hop's promotion block,
 * or else of the pipeline, as for an environment without a hop. Values are used byte for byte, as Flux does: a trailing
 * newline is part of the key.
 * @param allowUnsigned whether pipelines that name no Secret accept unsigned events without their own annotation
 * @throws WindlassError store-unavailable
 */
export async function authenticate(
  store: PipelineStore,
  signedRequest: SignedRequest,
  allowUnsigned: boolean,
): Promise<Authentication> {
  const { pipeline, fault } = await validPipeline(store, signedRequest.ref);
  const secretName = pipeline && hmacSecretName(pipeline, signedRequest);
  const secret = await store.secret(signedRequest.ref.namespace, secretName ?? dummySecretName);
  if (pipeline !== undefined && secretName === undefined && (allowUnsigned || pipeline.allowUnsigned)) {
    return { authentic: true, pipeline, signed: false };
  }
  const keys = secretName === undefined ? undefined : usableKeys(secret);
  const signature = parseSignature(signedRequest.signature ?? '');
  const matches = [keys?.current ?? dummyKey, keys?.previous ?? dummyKey].some((key) =>
    isSignedWith(key, signature ?? dummySignature, signedRequest.body),
  );
  if (pipeline !== undefined && keys !== undefined && signature !== undefined && matches) {
    return { authentic: true, pipeline, signed: true };
  }
  return {
    authentic: false,
    why: () => {
      if (pipeline === undefined) return fault ?? unauthorizedReasons.noPipeline();
      if (secretName === undefined) return unauthorizedReasons.noSecretNamed();
      const name = `Secret ${pipeline.namespace}/${secretName}`;
      if (secret === undefined) return unauthorizedReasons.noSecret(name);
      if (keys === undefined) {
        const fault = secretValueFault(secret[currentKey]) ?? 'missing';
        return unauthorizedReasons[unusableKeyReasons[fault]](name, currentKey);
      }
      if (signedRequest.signature === undefined) return unauthorizedReasons.noSignature();
      if (signature === undefined) return unauthorizedReasons.malformedSignature();
      return differsInWhiteSpace(keys, signature, signedRequest.body)
        ? unauthorizedReasons.otherWhiteSpace(name, currentKey)
        : unauthorizedReasons.otherKey(name, currentKey);
    },
  };
}

/** An invalid Pipeline names no trustworthy key; for the sender, it looks as if it did not exist. */
async function validPipeline(
  store: PipelineStore,
  ref: PipelineRef,
): Promise<{ readonly pipeline?: Pipeline; readonly fault?: string }> {
  try {
    const pipeline = await store.pipeline(ref);
    return pipeline === undefined ? {} : { pipeline };
  } catch (error) {
    if (error instanceof WindlassError && error.code === 'invalid-pipeline') return { fault: error.message };
    throw error;
  }
}

function hmacSecretName(
  pipeline: Pipeline,
  { environment, into }: Pick<SignedRequest, 'environment' | 'into'>,
): string | undefined {
  const hop = into === true ? findHopInto(pipeline, environment) : hopFrom(pipeline, environment);
  return hop?.promotion.hmacSecretName ?? pipeline.promotion?.hmacSecretName;
}

function hopFrom(pipeline: Pipeline, environment: string): Hop | undefined {
  const lookup = findHop(pipeline, environment);
  return lookup.found ? lookup.hop : undefined;
}

interface Keys {
  readonly current: Uint8Array;
  readonly previous: Uint8Array | undefined;
}

const unusableKeyReasons = {
  missing: 'noKey',
  encrypted: 'encryptedKey',
  unsubstituted: 'unsubstitutedKey',
} as const satisfies Record<SecretValueFault, keyof typeof unauthorizedReasons>;

/** A blank key does not count, and neither does one that was never decrypted or substituted: anyone could sign with it. */
function usableKeys(secret: SecretData | undefined): Keys | undefined {
  const usable = (name: string): Uint8Array | undefined => {
    const value = secret?.[name];
    return secretValueFault(value) === undefined ? value : undefined;
  };
  const current = usable(currentKey);
  return current && { current, previous: usable(previousKey) };
}

/** The most frequent mistake: one of the two keys was created by `echo`, the other by `printf`. */
function differsInWhiteSpace({ current }: Keys, signature: Signature, body: Uint8Array): boolean {
  const bare = trimmed(current);
  return [bare, Buffer.concat([bare, Buffer.from('\n')])].some((key) => isSignedWith(key, signature, body));
}

/** Without ASCII white space at either end. Does not convert to a string, because a key may not be text. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => !isBlank(byte));
  const end = bytes.findLastIndex((byte) => !isBlank(byte)) + 1;
  return bytes.subarray(Math.max(start, 0), end);
}
