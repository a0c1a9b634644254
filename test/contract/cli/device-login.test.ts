/** The device flow against a real issuer. */
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';
import { parse } from 'yaml';
import { listenOnLoopback } from '../../support/loopback';
import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

interface Issuer {
  readonly url: string;
  /** What a person does on the page: confirms the code. */
  confirm(userCode: string): Promise<void>;
  refuse(userCode: string): Promise<void>;
  close(): Promise<void>;
}

const tlsFile = (name: string): string => join(__dirname, '../../fixtures/tls', name);
const tls = (name: string): Buffer => readFileSync(tlsFile(name));

async function startIssuer(): Promise<Issuer> {
  const server = createServer({ cert: tls('server.pem'), key: tls('server-key.pem') });
  const url = `https://127.0.0.1:${await listenOnLoopback(server)}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'windlass',
        token_endpoint_auth_method: 'none',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
    features: {
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: false },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    ttl: { IdToken: 3_600 },
  });
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));
  const codeOf = async (userCode: string) => {
    const code = await provider.DeviceCode.findByUserCode(userCode.replaceAll('-', ''), {
      ignoreExpiration: false,
    });
    if (code === undefined) throw new Error(`There is no code ${userCode}.`);
    return code;
  };
  return {
    url,
    async confirm(userCode) {
      const code = await codeOf(userCode);
      const grant = new provider.Grant({ accountId: 'alice', clientId: 'windlass' });
      grant.addOIDCScope('openid offline_access profile email groups');
      code.grantId = await grant.save();
      code.accountId = 'alice';
      code.scope = 'openid offline_access profile email groups';
      code.authTime = Math.floor(Date.now() / 1_000);
      await code.save();
    },
    async refuse(userCode) {
      const code = await codeOf(userCode);
      code.error = 'access_denied';
      code.errorDescription = 'alice said no \u001b[31m';
      await code.save();
    },
    async close() {
      const closed = new Promise((settle) => server.close(settle));
      server.closeAllConnections();
      await closed;
    },
  };
}

let place: Place;
let issuer: Issuer;
beforeEach(async () => {
  place = await openPlace();
  issuer = await startIssuer();
});
afterEach(async () => {
  await issuer.close();
  await place.close();
});

const nothing = { WINDLASS_SERVER: '', WINDLASS_TOKEN: '' };
const userCodeIn = (line: string): string | undefined => /confirm the code ([A-Z-]+)/.exec(line)?.[1];

async function login(decide: (userCode: string) => Promise<void>) {
  const line = [
    'login',
    '--server',
    place.api.url,
    '--oidc-issuer-url',
    issuer.url,
    '--oidc-client-id',
    'windlass',
    '--ca-file',
    tlsFile('authority.pem'),
  ];
  return place.run([...line, '--oidc-extra-scope', 'groups'], { env: nothing }, (printed) => {
    const userCode = userCodeIn(printed);
    if (userCode !== undefined) void decide(userCode);
  });
}

const file = (): string => join(place.home, 'config', 'windlass', 'config.yaml');
const profile = async () => {
  return (parse(await readFile(file(), 'utf8')) as { profiles: Record<string, Record<string, unknown>> })
    .profiles['default']!;
};

describe('a login by OpenID Connect', () => {
  beforeEach(() => {
    place.api.answer('me', examples.me);
    place.api.accept((token) => {
      const { iss, aud, sub } = decodeJwt(token);
      return iss === issuer.url && aud === 'windlass' && sub === 'alice';
    });
  });

  it('shows page and code, waits for the person, and keeps the ID token that the server knows', async () => {
    const { code, out, err } = await login((userCode) => issuer.confirm(userCode));
    expect(err).toContain(`Open ${issuer.url}/device`);
    expect([code, out.split('\n')[0]]).toEqual([0, 'Name:      oidc:alice']);
    expect(await profile()).toMatchObject({
      server: place.api.url,
      oidc: { issuer: issuer.url, clientId: 'windlass', refreshToken: expect.any(String) },
    });
    expect((await place.run('whoami', { env: nothing, now: Date.now() })).code).toBe(0);
  });

  it('renews an expired token by itself, and keeps the new one', async () => {
    await login((userCode) => issuer.confirm(userCode));
    const before = await profile();
    const later = Date.now() + 3_600_000;
    const { code, err } = await place.run('whoami', { env: nothing, now: later });
    expect([code, err]).toEqual([0, '']);
    expect((await profile())['oidc']).not.toEqual(before['oidc']);
  });

  it('that was refused says so, without what the issuer would do to the terminal', async () => {
    const { code, err } = await login((userCode) => issuer.refuse(userCode));
    expect(code).toBe(3);
    expect(err).toContain('refused the login (access_denied: alice said no \ufffd[31m)');
  });

  it('is ended at the issuer by windlass logout', async () => {
    await login((userCode) => issuer.confirm(userCode));
    const before = await readFile(file(), 'utf8');
    expect((await place.run('logout', { env: nothing })).code).toBe(0);
    expect(await profile()).toEqual({
      server: place.api.url,
      caFile: tlsFile('authority.pem'),
      oidc: { issuer: issuer.url, clientId: 'windlass' },
    });
    await writeFile(file(), before);
    const { code, err } = await place.run('whoami', { env: nothing, now: Date.now() + 3_600_000 });
    expect(code).toBe(3);
    expect(err).toContain('invalid_grant');
  });

  it('does not trust an issuer without --ca-file, and says which flag helps', async () => {
    const line = ['login', '--server', place.api.url, '--oidc-client-id', 'windlass'];
    const { code, err } = await place.run([...line, '--oidc-issuer-url', issuer.url], { env: nothing });
    expect(code).toBe(6);
    expect(err).toContain('--ca-file');
  });

  it('needs an issuer with https', async () => {
    const line = ['login', '--server', place.api.url, '--oidc-client-id', 'windlass'];
    const { code } = await place.run([...line, '--oidc-issuer-url', place.api.url], { env: nothing });
    expect(code).toBe(2);
  });
});
