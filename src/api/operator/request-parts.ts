/** The parts of a request, read by the schemas of its route. */
import { type Request } from 'express';
import { z } from 'zod';
import { clipText } from '../../domain/names';
import { type Route } from '../../operator/routes';
import { Refusal } from './refusal';

const shownFaults = 3;
const longestFault = 500;
const nothing = z.strictObject({});

/** @param parts as they came: texts, and the parsed body @throws Refusal bad-request that names the field */
export function readParts(
  route: Route,
  parts: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): { readonly params: unknown; readonly query: unknown; readonly body: unknown } {
  return {
    params: read('path', route.params ?? nothing, parts.params),
    query: read('query', (route.query ?? nothing).strict(), parts.query),
    body: read('body', route.body ?? nothing, parts.body),
  };
}

/** @param value the parsed body @throws Refusal bad-request that names the field */
export function parseBody<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  return read('body', schema, value);
}

function read<Schema extends z.ZodType>(place: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues
    .slice(0, shownFaults)
    .map(({ path, message }) => `${[place, ...path.map(String)].join('.')}: ${message}`);
  const more = result.error.issues.length - faults.length;
  const text = faults.join('; ') + (more > 0 ? `; and ${more} more` : '');
  throw new Refusal('bad-request', `${clipText(text.replaceAll(/\p{C}/gu, ' '), longestFault)}.`);
}

/** The token of `Authorization: Bearer`, see RFC 6750. @returns undefined: there is none */
export function bearerToken(request: Request): string | undefined {
  const match = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(request.get('authorization') ?? '');
  return match?.[1];
}

/** @throws Refusal bad-request */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new Refusal('bad-request', 'The body is not JSON in UTF-8.');
  }
}

/** @throws Refusal unsupported-media-type */
export function requireJson(request: Request): void {
  const encoding = request.get('content-encoding') ?? 'identity';
  const type = request.get('content-type') ?? '';
  if (
    encoding.toLowerCase() !== 'identity' ||
    !/^application\/json *(?:; *charset="?utf-8"? *)?$/i.test(type)
  ) {
    throw new Refusal(
      'unsupported-media-type',
      'Send the body as JSON, with Content-Type: application/json.',
    );
  }
}
