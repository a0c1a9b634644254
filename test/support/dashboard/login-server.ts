/** The API with the login of the dashboard, as the flags of a person make it. */
import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { type Access, type Authenticator } from '../../../src/access/access';
import { createAccess } from '../../../src/access/create-access';
import { staticTokenAuthenticator } from '../../../src/access/tokens/static-tokens';
import { readConfig } from '../../../src/config/config';
import { openDashboardLogin } from '../../../src/program/composition/open-dashboard-login';
import { openIssuer } from '../../../src/program/composition/open-issuer';
import { freePort } from '../free-port';
import { FormBrowser } from '../form-browser';
import {
  type RunningOperatorApi,
  startTestOperatorApi,
  type TestOperatorApiOptions,
} from '../operator-api-server';

/** Of `--api-tokens-file`; a test may remove some. */
export const adasToken = 'adas-token-adas-token-adas-token';

export interface LoginServer {
  readonly url: string;
  readonly api: RunningOperatorApi;
  /** By the SHA-256 of the token. */
  readonly tokens: Map<string, { readonly name: string; readonly groups: readonly string[] }>;
  /** What the program logged so far. */
  readonly log: () => string;
  link(token: string, lifetimeMs?: number): string;
  close(): Promise<void>;
}

export interface LoginServerOptions extends Pick<
  TestOperatorApiOptions,
  'dashboard' | 'failureLimit' | 'streamMs' | 'port'
> {
  readonly flags?: Readonly<Record<string, string>>;
  /** Of capabilities; by default none, so that sessions end with the process. */
  readonly keys?: () => readonly Uint8Array[];
}

/** @param options flags of OpenID Connect come with `dashboardUrl` for the port, unless they set another one */
export async function startLoginServer(options: LoginServerOptions = {}): Promise<LoginServer> {
  const { flags = {}, keys, port = await freePort(), ...rest } = options;
  const url = `http://127.0.0.1:${port}`;
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  const config = readConfig(
    { pipelinesDir: __dirname, accessPolicyFile: 'a', apiTokensFile: 'b', dashboardUrl: url, ...flags },
    {},
  );
  const login = await openDashboardLogin({
    config,
    log,
    capabilityKeys:
      keys && (() => ({ keys: keys().map((key, index) => ({ id: `k${index}`, key })) as never })),
  });
  const tokens: LoginServer['tokens'] = new Map([
    [createHash('sha256').update(adasToken).digest('hex'), { name: 'ada', groups: ['release'] }],
  ]);
  const issuer = await openIssuer(config.access.oidc, log);
  const authenticators: Authenticator[] = [
    ...(issuer === undefined ? [] : [issuer]),
    staticTokenAuthenticator(() => tokens),
  ];
  const access: Access = createAccess({
    authenticators,
    authorizer: { allows: () => Promise.resolve(true) },
  });
  const api = await startTestOperatorApi({ ...rest, port, access, login });
  return {
    url,
    api,
    tokens,
    log: () => [...logged, ...api.log.map((line) => JSON.stringify(line))].join('\n'),
    link: (token, lifetimeMs = 60_000) => url + login.links.make(token, lifetimeMs),
    close: () => api.close(),
  };
}

/** As the pages of the dashboard send what changes something. */
export const ofThePage = { 'X-Windlass-Dashboard': '1', 'Content-Type': 'application/json' } as const;

/** Pastes a token. @returns a browser with the session */
export async function browserWithToken(url: string, token = adasToken): Promise<FormBrowser> {
  const browser = new FormBrowser();
  const answer = await browser.request(`${url}/auth/token`, {
    method: 'POST',
    headers: ofThePage,
    body: JSON.stringify({ token }),
  });
  if (answer.status !== 204) throw new Error(`The login answers ${answer.status}: ${await answer.text()}`);
  return browser;
}

/** Who the browser is logged in as, or the status of the refusal. */
export async function nameOf(browser: FormBrowser, url: string): Promise<unknown> {
  const answer = await browser.request(`${url}/api/v1/me`);
  return answer.status === 200 ? ((await answer.json()) as { name: string }).name : answer.status;
}
