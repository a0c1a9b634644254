import { createHash } from 'node:crypto';

/** A full object name, of SHA-1 or SHA-256, in hex. */
export const objectNamePattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export type ObjectType = 'blob' | 'tree' | 'commit';

/**
 * The id under which Git stores an object, and the header that it hashes and stores before the content.
 * @param like any id of the repository: its length tells the hash
 */
export function hashObject(
  type: ObjectType,
  content: Buffer,
  like: string,
): { readonly id: string; readonly header: Buffer } {
  const header = Buffer.from(`${type} ${content.length}\0`);
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return { id: hash.update(header).update(content).digest('hex'), header };
}
