import { z } from 'zod';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { ApiRefusal, UnexpectedAnswer } from './api-failure';

/** An object as the API server sent it, with its identity. */
export interface ApiObject {
  /** `namespace/name` */
  readonly key: string;
  readonly value: unknown;
}

export interface ApiList {
  readonly objects: readonly ApiObject[];
  /** The version of the collection that the list shows; opaque. */
  readonly version: string;
  /** The token of the next page; absent on the last page. */
  readonly next: string | undefined;
}

export interface WatchEvent {
  readonly kind: 'put' | 'remove' | 'bookmark';
  readonly object: ApiObject;
  /** The version of the collection after the event. */
  readonly version: string;
}

const text = z.string().min(1);
const listSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: text, continue: z.string().optional() }),
  // Go sometimes writes an empty list as null.
  items: z.array(z.unknown()).nullable(),
});
const identitySchema = z.looseObject({
  metadata: z.looseObject({ namespace: text, name: text }),
});
const versionSchema = z.looseObject({ metadata: z.looseObject({ resourceVersion: text }) });
const eventSchema = z.looseObject({ type: z.string(), object: z.unknown() });
const statusSchema = z.looseObject({ code: z.number(), message: z.string().default('no message') });

/** @throws UnexpectedAnswer */
export function readList(json: string): ApiList {
  const { metadata, items } = read(listSchema, parse(json), 'list');
  return {
    objects: (items ?? []).map(readObject),
    version: metadata.resourceVersion,
    next: metadata.continue === '' ? undefined : metadata.continue,
  };
}

/**
 * Reads one line of a watch
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 * @throws ApiRefusal for what the API server calls an error; UnexpectedAnswer
 */
export function readWatchEvent(line: string): WatchEvent {
  const { type, object } = read(eventSchema, parse(line), 'event of a watch');
  if (type === 'ERROR') {
    const { code, message } = read(statusSchema, object, 'error in a watch');
    throw new ApiRefusal(code, message);
  }
  const version = read(versionSchema, object, 'event of a watch').metadata.resourceVersion;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'put', object: readObject(object), version };
    case 'DELETED':
      return { kind: 'remove', object: readObject(object), version };
    case 'BOOKMARK':
      return { kind: 'bookmark', object: { key: '', value: undefined }, version };
    default:
      throw new UnexpectedAnswer('a watch event of an unknown type');
  }
}

/** @throws UnexpectedAnswer if the text is not JSON */
export function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnexpectedAnswer('an answer that is not JSON');
  }
}

function readObject(value: unknown): ApiObject {
  const { metadata } = read(identitySchema, value, 'object');
  return { key: formatPipelineRef(metadata), value };
}

function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const place = result.error.issues[0]?.path.join('.') ?? '';
  throw new UnexpectedAnswer(`${what} without a valid ${place === '' ? 'structure' : place}`);
}
