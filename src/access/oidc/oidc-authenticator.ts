import { decodeJwt, errors, jwtVerify } from 'jose';
import { AccessUnavailable, type Authenticator } from '../access';
import { type Prefixes } from '../prefixed-names';
import { type IssuerKeys } from './issuer-keys';
import { callerOf, type ClaimNames } from './token-claims';

/** Signatures by a key that only the issuer has; a shared secret or none would let others make tokens. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Between the clocks of the issuer and of this machine. */
const clockToleranceSeconds = 30;

export interface OidcOptions {
  /** As in the claim `iss`. */
  readonly issuer: string;
  /** One of the audiences that a token must have. */
  readonly clientId: string;
  readonly claims: ClaimNames;
  readonly prefixes: Prefixes;
  readonly keys: Pick<IssuerKeys, 'find'>;
}

/** Knows the tokens of one OpenID Connect issuer, which are JWTs. */
export function oidcAuthenticator({ issuer, clientId, claims, prefixes, keys }: OidcOptions): Authenticator {
  return {
    authenticate: async (token) => {
      if (issuerOf(token) !== issuer) return undefined;
      try {
        const { payload } = await jwtVerify(token, keys.find, {
          issuer,
          audience: clientId,
          algorithms,
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ['exp'],
        });
        return callerOf(payload, claims, prefixes);
      } catch (error) {
        if (error instanceof AccessUnavailable) throw error;
        return { known: false, fault: describe(error, clientId) };
      }
    },
  };
}

/** @returns undefined if it is not a JWT; nothing is verified */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** The library's errors hold the claims: callers learn their kind only. */
function describe(error: unknown, clientId: string): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired: log in again.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'aud':
        return `The token is not for this API: its audience must be ${JSON.stringify(clientId)}. Log in with that client.`;
      case 'nbf':
        return 'The token is not valid yet: compare the clocks of the issuer and of Windlass.';
      case 'exp':
        return 'The token does not say when it expires: let the issuer add the claim "exp".';
      default:
        return 'A claim of the token is invalid: log in again.';
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return `The token is not signed in a way that counts: let the issuer use ${algorithms.join(', ')}.`;
  }
  return 'The token is not signed by a key that the issuer has now: log in again.';
}
