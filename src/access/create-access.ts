import { type Access, type Authenticator, type Authorizer } from './access';

/** More than any issuer's tokens have; with it, the header still fits into what Node's HTTP server accepts. */
const longestToken = 16_000;
/** RFC 6750, 2.1. */
const tokenForm = /^[A-Za-z0-9._~+/-]+=*$/;

const advice =
  'log in again, or ask your administrator for a token or for the issuer whose tokens are accepted';

export interface AccessOptions {
  /**
   * In the order in which a token is shown to them: the one that knows it ends that. One that sends a token elsewhere comes
   * last, because it gets every token that no other one knows.
   */
  readonly authenticators: readonly Authenticator[];
  readonly authorizer: Authorizer;
}

/** All authenticators as one, and what decides about rights. */
export function createAccess({ authenticators, authorizer }: AccessOptions): Access {
  const refused = (fault: string) => ({ known: false, fault }) as const;
  return {
    authenticate: async (token) => {
      if (token === undefined || token === '') {
        return refused(
          `The request has no token: send the header "Authorization: Bearer TOKEN", or ${advice}.`,
        );
      }
      if (token.length > longestToken) {
        return refused(`The token is longer than ${longestToken} characters: ${advice}.`);
      }
      if (!tokenForm.test(token)) {
        return refused(`The token has characters that no token has, such as a space or a quote: ${advice}.`);
      }
      for (const authenticator of authenticators) {
        const authentication = await authenticator.authenticate(token);
        if (authentication !== undefined) return authentication;
      }
      return refused(`The token is not known here, or has expired: ${advice}.`);
    },
    allows: (caller, verb, place) => authorizer.allows(caller, verb, place),
  };
}
