/** A real OpenID Connect issuer on loopback: npm's oidc-provider, with people who log in as a browser would have them. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { FormBrowser } from './form-browser';
import { closeServer, listenOnLoopback } from './loopback';

/** Claims of a person beside `sub`. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface OidcIssuer {
  /** As in `iss`. */
  readonly url: string;
  /** How often its keys were read. */
  keyReads(): number;
  /** Logs a person in with a client. @returns the ID token */
  logIn(person: string, clientId?: string): Promise<string>;
  /** Signs any claims with the issuer's key of today. */
  sign(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>;
  /** PEM of today's public key. */
  publicKey(): Promise<string>;
  /** Makes a new key; the old one is withdrawn. */
  rotate(): Promise<void>;
  /** Closes its port until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const algorithm = 'ES256';
const redirectUri = 'http://127.0.0.1/callback';
/** Of any port: RFC 8252, 7.3. */
const dashboardRedirectUri = 'http://127.0.0.1/auth/callback';
const clients = ['windlass', 'another', 'confidential'] as const;
export const clientSecret = 'the-secret-of-the-confidential-client';

export async function startOidcIssuer(people: People): Promise<OidcIssuer> {
  const reserved = createServer();
  const port = await listenOnLoopback(reserved);
  await closeServer(reserved);
  const url = `http://127.0.0.1:${port}`;
  let generation = 0;
  let keyReads = 0;
  let key = await newKey(generation);
  let handle = await handlerOf(url, key, people);
  let server: Server | undefined;
  const start = async () => {
    if (server !== undefined) return;
    const started = createServer((request, response) => {
      if (request.url === '/jwks') keyReads += 1;
      void handle(request, response);
    });
    await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve));
    server = started;
  };
  await start();
  return {
    url,
    keyReads: () => keyReads,
    logIn: (person, clientId = clients[0]) => logIn(url, person, clientId),
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, kid: key.kid, ...header })
        .sign(key.privateKey),
    publicKey: () => exportSPKI(key.publicKey),
    rotate: async () => {
      generation += 1;
      key = await newKey(generation);
      handle = await handlerOf(url, key, people);
    },
    stop: async () => {
      if (server !== undefined) await closeServer(server);
      server = undefined;
    },
    start,
  };
}

type Key = Awaited<ReturnType<typeof newKey>>;

async function newKey(generation: number) {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  return { ...pair, kid: `key-${generation}` };
}

async function handlerOf(url: string, { kid, privateKey }: Key, people: People) {
  const jwk = { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: algorithm };
  const provider = new Provider(url, {
    jwks: { keys: [jwk] },
    cookies: { keys: ['not-a-secret-in-a-test'] },
    clients: clients.map((client_id) => ({
      client_id,
      application_type: 'native',
      ...(client_id === 'confidential'
        ? { token_endpoint_auth_method: 'client_secret_basic', client_secret: clientSecret }
        : { token_endpoint_auth_method: 'none' }),
      redirect_uris: [redirectUri, dashboardRedirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: algorithm,
    })),
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: [...new Set(Object.values(people).flatMap(Object.keys))] },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => Promise.resolve({ sub: accountId, ...people[accountId] }),
    }),
  });
  return provider.callback();
}

/** The authorization code flow with PKCE, filling in the issuer's forms. */
async function logIn(url: string, person: string, clientId: string): Promise<string> {
  const browser = new FormBrowser();
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await throughForms(browser, `${url}/auth?${query.toString()}`, person);
  const tokens = await browser.send(`${url}/token`, {
    grant_type: 'authorization_code',
    code: new URL(back).searchParams.get('code') ?? '',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const { id_token: idToken } = (await tokens.json()) as { id_token?: string };
  if (idToken === undefined) throw new Error(`The issuer gives no ID token: ${tokens.status}`);
  return idToken;
}

/** Logs a person in at the issuer. @param start where the login begins @returns where the issuer sends the browser back to */
export async function throughForms(browser: FormBrowser, start: string, person: string): Promise<string> {
  const { origin } = new URL(start);
  let next = start;
  for (let step = 0; new URL(next).origin === origin; step += 1) {
    if (step > 10) throw new Error(`The login does not end: ${next}`);
    const isForm = new URL(next).pathname.startsWith('/interaction/');
    const prompt = browser.cookies.has('_session') ? 'consent' : 'login';
    const answer = await browser.send(next, isForm ? { prompt, login: person, password: 'any' } : undefined);
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`The issuer answers ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next).href;
  }
  return next;
}
