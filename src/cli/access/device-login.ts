/** Login by OpenID Connect: the device authorization grant (RFC 8628), and its refresh tokens. */
import { fetch as fetchBy } from 'undici';
import type * as OpenId from 'openid-client';
import { type Transport, unanswered } from '../api/transport';
import { CommandFault } from '../exit-codes';
import { plain } from '../text/plain';

export interface Issuer {
  readonly url: string;
  readonly clientId: string;
}

export interface IssuedTokens {
  /** The ID token: what `api` verifies. */
  readonly token: string;
  readonly refreshToken?: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
}

export interface DeviceCode {
  readonly page: string;
  /** The same page with the code filled in, if the issuer has one. */
  readonly directPage?: string;
  readonly code: string;
}

const defaultScopes = ['openid', 'profile', 'email', 'offline_access'];

/**
 * Logs in by another device.
 * @param extraScopes such as `groups`
 * @param show shows the page and the code; the function then waits until someone has entered it
 * @throws CommandFault denied or away
 */
export async function loginByDevice(
  issuer: Issuer,
  extraScopes: readonly string[],
  transport: Transport,
  show: (code: DeviceCode) => void,
): Promise<IssuedTokens> {
  const { library, configuration } = await discover(issuer, transport);
  return answered(issuer, async () => {
    const scope = [...defaultScopes, ...extraScopes].join(' ');
    const device = await library.initiateDeviceAuthorization(configuration, { scope });
    show({
      page: plain(device.verification_uri),
      code: plain(device.user_code),
      ...(device.verification_uri_complete === undefined
        ? {}
        : { directPage: plain(device.verification_uri_complete) }),
    });
    return tokensOf(issuer, await library.pollDeviceAuthorizationGrant(configuration, device));
  });
}

/** @throws CommandFault denied: the issuer wants a new login */
export async function refreshTokens(
  issuer: Issuer,
  refreshToken: string,
  transport: Transport,
): Promise<IssuedTokens> {
  const { library, configuration } = await discover(issuer, transport);
  return answered(issuer, async () => {
    const tokens = tokensOf(issuer, await library.refreshTokenGrant(configuration, refreshToken));
    return { refreshToken, ...tokens };
  });
}

/** Ends the refresh token at the issuer, where it offers that. */
export async function revokeRefreshToken(
  issuer: Issuer,
  refreshToken: string,
  transport: Transport,
): Promise<void> {
  const { library, configuration } = await discover(issuer, transport);
  if (configuration.serverMetadata().revocation_endpoint === undefined) return;
  await answered(issuer, () => library.tokenRevocation(configuration, refreshToken));
}

async function discover({ url, clientId }: Issuer, { dispatcherFor }: Transport) {
  const issuerUrl = parseIssuer(url);
  const library = await import('openid-client');
  const options: OpenId.DiscoveryRequestOptions = {
    timeout: 20,
    // Node's own fetch takes no dispatcher of another undici.
    [library.customFetch]: (async (to: string, init: Parameters<typeof fetchBy>[1]) =>
      fetchBy(to, { ...init, dispatcher: dispatcherFor(new URL(to)) })) as unknown as OpenId.CustomFetch,
  };
  const configuration = await answered({ url, clientId }, () =>
    library.discovery(issuerUrl, clientId, undefined, library.None(), options),
  );
  return { library, configuration };
}

function parseIssuer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return url;
  throw new CommandFault(
    'usage',
    '--oidc-issuer-url must be an https URL, as the issuer writes it in its tokens.',
  );
}

function tokensOf(
  { url }: Issuer,
  answer: OpenId.TokenEndpointResponse & OpenId.TokenEndpointResponseHelpers,
): IssuedTokens {
  const claims = answer.claims();
  if (answer.id_token === undefined || claims === undefined) {
    throw new CommandFault('denied', `${url} issued no ID token: log in again with windlass login.`);
  }
  return {
    token: answer.id_token,
    expiresAt: new Date(claims.exp * 1_000).toISOString(),
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
  };
}

/** What the issuer says may reach the terminal; tokens are in no message of the library. */
async function answered<T>({ url }: Issuer, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    const { error: code, error_description: words } = error as Record<string, unknown>;
    if (typeof code === 'string') {
      const because = typeof words === 'string' ? `${code}: ${words}` : code;
      throw new CommandFault('denied', `${url} refused the login (${plain(because).slice(0, 300)}).`);
    }
    const broken = unsent(error);
    if (broken !== undefined) throw unanswered(new URL(url), broken);
    const reason = plain((error as Error).message).slice(0, 300);
    throw new CommandFault('away', `${url} did not answer as an OpenID issuer does: ${reason}.`);
  }
}

/** The error of `fetch` below those of the library, which has its own. */
function unsent(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.message === 'fetch failed' ? error : unsent(error.cause);
}
