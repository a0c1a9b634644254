import { decodeJwt } from 'jose';

/** When a token says that it expires, milliseconds since the epoch; undefined: it is not a JWT. Nothing is verified. */
export function tokenExpiry(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : exp * 1_000;
  } catch {
    return undefined;
  }
}
