/** The device flow against a real issuer. */
import { createServer, type Server } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';
import { parse } from 'yaml';
import { closeServer, listenOnLoopback } from '../../support/loopback';
import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

interface Issuer {
  readonly url: string;
  /** What a person does on the page: confirms the code. */
  confirm(userCode: string): Promise<void>;
  refuse(userCode: string): Promise<void>;
  close(): Promise<void>;
}

async function startIssuer(): Promise<Issuer> {
  const server: Server = createServer();
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
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
  server.on('request', provider.callback());
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
    close: () => closeServer(server),
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
      oidc: { issuer: issuer.url, clientId: 'windlass' },
    });
    await writeFile(file(), before);
    const { code, err } = await place.run('whoami', { env: nothing, now: Date.now() + 3_600_000 });
    expect(code).toBe(3);
    expect(err).toContain('invalid_grant');
  });

  it('ends with 6 where no issuer answers', async () => {
    const line = ['login', '--server', place.api.url, '--oidc-client-id', 'windlass'];
    const { code, err } = await place.run([...line, '--oidc-issuer-url', place.api.url], { env: nothing });
    expect(code).toBe(6);
    expect(err).toContain('did not answer as an OpenID issuer does');
  });
});
