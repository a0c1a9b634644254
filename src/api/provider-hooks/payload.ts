import { type z } from 'zod';
import { type RepositoryUrl, readRepositoryUrl } from '../../domain/pipeline/repository-url';

/** GitHub's and GitLab's payloads have less than ten levels. */
const maxLevels = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the fields of a payload that is not verified yet. @returns undefined for anything else */
export function readPayload<T>(body: Uint8Array, schema: z.ZodType<T>): T | undefined {
  if (!isFlatterThan(maxLevels, body)) return undefined;
  try {
    return schema.safeParse(JSON.parse(utf8.decode(body))).data;
  } catch {
    return undefined;
  }
}

/** The URLs that can be a repository's. */
export function repositoryUrls(texts: readonly (string | null | undefined)[]): readonly RepositoryUrl[] {
  return texts.flatMap((text) => {
    const reading = readRepositoryUrl(text ?? '');
    return reading.ok ? [reading.url] : [];
  });
}

/** A nested bracket costs many times its byte in memory. */
function isFlatterThan(levels: number, body: Uint8Array): boolean {
  let level = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBracket || byte === openBrace) level += 1;
    else if (byte === closeBracket || byte === closeBrace) level -= 1;
    if (level > levels) return false;
  }
  return true;
}

const [backslash, quote, openBracket, openBrace, closeBracket, closeBrace] = Buffer.from('\\"[{]}');
