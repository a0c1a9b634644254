import { createHash, timingSafeEqual } from 'node:crypto';

export type Authorization = 'granted' | 'missing' | 'wrong';

/** Whether a token is valid now. */
export type AcceptToken = (token: string) => boolean;

/** Checks an Authorization header as GitHub does: `Bearer` or `token`, or `Basic` with the token as the password. */
export function authorize(header: string | undefined, accepts: AcceptToken): Authorization {
  if (header === undefined) return 'missing';
  const match = /^(bearer|token|basic) +(\S+)$/i.exec(header);
  if (match === null) return 'wrong';
  const [, scheme = '', credential = ''] = match;
  const given = scheme.toLowerCase() === 'basic' ? passwordOf(credential) : credential;
  return accepts(given) ? 'granted' : 'wrong';
}

/** Compares two secrets in constant time. */
export function equal(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function passwordOf(credential: string): string {
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
