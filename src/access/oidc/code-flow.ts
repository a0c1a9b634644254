/** Login in a browser: the authorization code flow with PKCE (RFC 6749, RFC 7636), as OpenID Connect Core 1.0, 3.1, has it. */
import type * as OpenId from 'openid-client';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { isReadableOnTheWay } from '../../domain/network/plain-http';
import { type Outbound } from '../../http/outbound/outbound';
import { KeptAnswer } from '../kept-answer';
import { OutageReport } from '../outage-report';

/** Known only to this server and to the browser that began the login. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface CodeFlow {
  readonly issuer: string;
  /** @returns where the browser logs in @throws AccessUnavailable if the issuer does not answer */
  begin(redirectUri: string): Promise<{ readonly url: URL; readonly pending: PendingLogin }>;
  /**
   * @param query with which the issuer sent the browser back
   * @returns the ID token, whose signature is not verified yet @throws LoginRefused, AccessUnavailable
   */
  finish(redirectUri: string, query: string, pending: PendingLogin): Promise<string>;
}

/** The login did not succeed. The message is for the log: it has what the issuer says, and no secret. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';

  /** @param reason `denied`: by the person or the issuer's rules; `invalid`: the answer does not belong to this login */
  constructor(
    readonly reason: 'denied' | 'invalid' | 'failed',
    message: string,
  ) {
    super(message);
  }
}

export interface CodeFlowOptions {
  /** As in the claim `iss`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Of a confidential client, read for each login; undefined: a public one. */
  readonly clientSecret: () => Promise<string | undefined>;
  /** Issuers add the claim with the groups for a scope of the same name, if they have it. */
  readonly groupsClaim: string;
  readonly outboundTo: (hosts: readonly string[]) => Outbound;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** An issuer that has moved its pages is noticed so late. */
const freshMs = 10 * 60_000;

type Library = typeof OpenId;
type Metadata = Readonly<OpenId.ServerMetadata>;

export function createCodeFlow(options: CodeFlowOptions): CodeFlow {
  const { issuer, clientId, log, now = () => performance.now() } = options;
  const outage = new OutageReport({
    log,
    what: `The issuer ${issuer} does not answer logins`,
    message: 'The OpenID Connect issuer does not answer now. Try again; the log of Windlass says why.',
    reason: (error) => `${reasonOf(error)} Check --oidc-issuer-url and --oidc-ca-file.`,
  });
  // Anyone can begin a login: the issuer is asked once for all.
  const metadata = new KeptAnswer(() => outage.during(() => discover(options)), now);
  const configuration = async (library: Library): Promise<OpenId.Configuration> => {
    const server = await metadata.notOlderThan(freshMs);
    const secret = await options.clientSecret();
    const auth = secret === undefined ? library.None() : secretAuth(library, server, secret);
    const made = new library.Configuration(server, clientId, undefined, auth);
    made[library.customFetch] = fetchOf(options);
    if (isPlain(issuer)) library.allowInsecureRequests(made);
    return made;
  };
  return {
    issuer,
    async begin(redirectUri) {
      const library = await import('openid-client');
      const made = await configuration(library);
      const pending = {
        state: library.randomState(),
        nonce: library.randomNonce(),
        verifier: library.randomPKCECodeVerifier(),
      };
      const url = library.buildAuthorizationUrl(made, {
        redirect_uri: redirectUri,
        scope: scopesOf(made.serverMetadata(), options.groupsClaim).join(' '),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await library.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url, pending };
    },
    async finish(redirectUri, query, { state, nonce, verifier }) {
      if (new URLSearchParams(query).get('state') !== state) {
        throw new LoginRefused('invalid', 'The answer of the issuer has the state of another login.');
      }
      const library = await import('openid-client');
      const made = await configuration(library);
      const tokens = await answered(outage, () =>
        library.authorizationCodeGrant(made, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        }),
      );
      if (tokens.id_token === undefined) throw new LoginRefused('failed', `${issuer} issued no ID token.`);
      return tokens.id_token;
    },
  };
}

/** Which of the useful scopes the issuer has: some refuse a login that asks for another one, and Dex gives groups for it alone. */
function scopesOf({ scopes_supported: supported }: Metadata, groupsClaim: string): string[] {
  const wanted = new Set(['profile', 'email', 'groups', groupsClaim]);
  const known = supported ?? ['profile', 'email'];
  return ['openid', ...[...wanted].filter((scope) => known.includes(scope))];
}

/** As RFC 8414 says, an issuer that lists nothing takes Basic. */
function secretAuth(library: Library, server: Metadata, secret: string): OpenId.ClientAuth {
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic')
    ? library.ClientSecretBasic(secret)
    : library.ClientSecretPost(secret);
}

async function discover(options: CodeFlowOptions): Promise<Metadata> {
  const { issuer, clientId } = options;
  const library = await import('openid-client');
  const found = await library.discovery(new URL(issuer), clientId, undefined, library.None(), {
    [library.customFetch]: fetchOf(options),
    execute: isPlain(issuer) ? [library.allowInsecureRequests] : [],
  });
  return found.serverMetadata();
}

/** Only of this machine: the settings accept no other. */
function isPlain(issuer: string): boolean {
  return issuer.startsWith('http:');
}

function fetchOf({ outboundTo }: CodeFlowOptions): OpenId.CustomFetch {
  return (async (to: string, init: RequestInit) => {
    const url = new URL(to);
    if (isReadableOnTheWay(url)) {
      throw new WindlassError('plain-http', `${url.host} would get the login over plain HTTP.`);
    }
    return outboundTo([url.host]).fetch(url, init);
  }) as OpenId.CustomFetch;
}

/** @throws LoginRefused, AccessUnavailable */
async function answered<T>(outage: OutageReport, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (unsent(error) !== undefined) {
      return await outage.during(() => Promise.reject(error instanceof Error ? error : new Error('unknown')));
    }
    const { error: code, error_description: words } = error as Record<string, unknown>;
    if (typeof code !== 'string') throw new LoginRefused('failed', reasonOf(error));
    const because = typeof words === 'string' ? `${code}: ${words}` : code;
    throw new LoginRefused(code === 'access_denied' ? 'denied' : 'failed', visible(because));
  }
}

function reasonOf(error: unknown): string {
  const own = unsent(error);
  if (own !== undefined) return own.fault;
  return visible(error instanceof Error ? error.message : 'unknown');
}

const longestReason = 300;

function visible(text: string): string {
  return `${text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').slice(0, longestReason)}.`;
}

/** Ours, below those of the library. */
function unsent(error: unknown): WindlassError | undefined {
  if (error instanceof WindlassError) return error;
  return error instanceof Error ? unsent(error.cause) : undefined;
}
