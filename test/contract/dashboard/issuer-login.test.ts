/** Login by OpenID Connect, with a real issuer: the authorization code flow from the click to the session. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { FormBrowser } from '../../support/form-browser';
import { type LoginServer, nameOf, startLoginServer } from '../../support/dashboard/login-server';
import { clientSecret, type OidcIssuer, startOidcIssuer, throughForms } from '../../support/oidc-issuer';

const people = {
  alice: { groups: ['release', 'shop team'] },
  entra: { groups: Array.from({ length: 200 }, () => randomUUID()) },
  crowd: { groups: Array.from({ length: 120 }, () => randomBytes(60).toString('base64url')) },
  mallory: { groups: ['system:masters'] },
  busy: { groups: Array.from({ length: 201 }, (_, index) => `group-${index}`) },
};

const key = randomBytes(32);
let issuer: OidcIssuer;
let server: LoginServer;
beforeAll(async () => {
  issuer = await startOidcIssuer(people);
  server = await startLoginServer({ flags: flags(), keys: () => [key] });
});
afterAll(async () => {
  await server.close();
  await issuer.stop();
});

function flags(clientId = 'windlass'): Readonly<Record<string, string>> {
  return { oidcIssuerUrl: issuer.url, oidcClientId: clientId };
}

/** Clicks "Log in". @returns where the issuer is */
async function begin(browser: FormBrowser, returnTo = '/', url = server.url): Promise<URL> {
  const answer = await browser.send(`${url}/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location') ?? '', url);
}

/** The whole login. @returns where it leads to */
async function logIn(browser: FormBrowser, person: string, returnTo = '/', url = server.url) {
  const back = await throughForms(browser, (await begin(browser, returnTo, url)).href, person);
  return (await browser.send(back)).headers.get('location');
}

const me = async (browser: FormBrowser) =>
  (await (await browser.request(`${server.url}/api/v1/me`)).json()) as {
    name: string;
    groups: string[];
    warning?: string;
  };

it('the login page learns which ways there are', async () => {
  expect(await (await fetch(`${server.url}/auth/options`)).json()).toEqual({
    issuer: new URL(issuer.url).host,
  });
  const without = await startLoginServer();
  expect(await (await fetch(`${without.url}/auth/options`)).json()).toEqual({});
  expect((await fetch(`${without.url}/auth/login`)).status).toBe(404);
  await without.close();
});

it('a person logs in at the issuer, and comes back to the page that they came from', async () => {
  const browser = new FormBrowser();
  const at = await begin(browser, '/pipelines/apps/shop?tab=1');
  expect(Object.fromEntries(at.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'windlass',
    redirect_uri: `${server.url}/auth/callback`,
    code_challenge_method: 'S256',
    scope: 'openid profile',
  });
  const back = await throughForms(browser, at.href, 'alice');
  const answer = await browser.send(back);
  expect(answer.headers.get('location')).toBe('/pipelines/apps/shop?tab=1');
  expect(await me(browser)).toMatchObject({
    name: 'oidc:alice',
    groups: ['oidc:release', 'oidc:shop team'],
    via: 'oidc',
    session: {},
  });
  expect([...browser.cookies.keys()].filter((name) => name.includes('windlass-login'))).toEqual([]);
});

it('a confidential client sends its secret, which no log has', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'windlass-secret-'));
  const file = join(directory, 'secret');
  await writeFile(file, `${clientSecret}\n`);
  const own = await startLoginServer({ flags: { ...flags('confidential'), oidcClientSecretFile: file } });
  expect(await logIn(new FormBrowser(), 'alice', '/', own.url)).toBe('/');
  await writeFile(file, 'another');
  expect(await logIn(new FormBrowser(), 'alice', '/', own.url)).toBe('/login?failed=failed');
  await rm(file);
  const gone = await begin(new FormBrowser(), '/', own.url);
  expect(gone.pathname + gone.search).toBe('/login?failed=unavailable');
  expect(own.log()).toContain('--oidc-client-secret-file');
  expect(own.log()).not.toContain(clientSecret);
  await own.close();
  await rm(directory, { recursive: true });
});

it('all 200 groups of Entra ID fit into the session', async () => {
  const browser = new FormBrowser();
  await logIn(browser, 'entra');
  const { groups, warning } = await me(browser);
  expect(groups).toEqual(people.entra.groups.map((group) => `oidc:${group}`));
  expect(warning).toBeUndefined();
  // What NGINX takes as one line of a request.
  expect(Math.max(...[...browser.cookies].map(([, value]) => value.length))).toBeLessThan(4_000);
});

it.each([
  ['crowd', /names 120 groups, and only the first \d+ fit into a browser's cookie/],
  ['busy', /names 201 groups, and only the first 200 count/],
])('a person in more groups than fit has the first ones, and is warned: %s', async (person, warning) => {
  const browser = new FormBrowser();
  expect(await logIn(browser, person)).toBe('/');
  const known = await me(browser);
  expect(known.warning).toMatch(warning);
  expect(known.groups.length).toBeGreaterThan(20);
});

it('a person whose token the API would refuse has no session', async () => {
  const browser = new FormBrowser();
  expect(await logIn(browser, 'mallory')).toBe('/login?failed=unknown-person');
  expect(await nameOf(browser, server.url)).toBe(401);
});

describe('the answer of the issuer counts only', () => {
  const callback = (changes: (query: URLSearchParams) => void) => async (browser: FormBrowser) => {
    const back = new URL(await throughForms(browser, (await begin(browser)).href, 'alice'));
    changes(back.searchParams);
    return back.href;
  };

  it.each<readonly [what: string, callback: (browser: FormBrowser) => Promise<string>, failure: string]>([
    ['with the state of the login', callback((query) => query.set('state', 'another')), 'expired'],
    ['with a state', callback((query) => query.delete('state')), 'expired'],
    ['with a code of the issuer', callback((query) => query.set('code', 'guessed')), 'failed'],
    ['from this issuer', callback((query) => query.set('iss', 'https://evil.example')), 'failed'],
    [
      'in the browser that began the login',
      async (browser) => {
        const back = await callback(() => undefined)(browser);
        browser.cookies.clear();
        return back;
      },
      'expired',
    ],
    [
      'in the last login that the browser began, because its nonce and verifier are others',
      async (browser) => {
        const other = new FormBrowser();
        const foreign = new URL(await throughForms(other, (await begin(other)).href, 'alice'));
        const own = await begin(browser);
        foreign.searchParams.set('state', own.searchParams.get('state') ?? '');
        return foreign.href;
      },
      'failed',
    ],
  ])('%s', async (_what, answerOf, failure) => {
    const browser = new FormBrowser();
    const answer = await browser.send(await answerOf(browser));
    expect(answer.headers.get('location')).toBe(`/login?failed=${failure}`);
    expect(await nameOf(browser, server.url)).toBe(401);
  });

  it('once', async () => {
    const browser = new FormBrowser();
    const back = await throughForms(browser, (await begin(browser)).href, 'alice');
    const pending = new Map(browser.cookies);
    expect((await browser.send(back)).headers.get('location')).toBe('/');
    const again = new FormBrowser();
    for (const [name, value] of pending) again.cookies.set(name, value);
    expect((await again.send(back)).headers.get('location')).toBe('/login?failed=failed');
    expect(await nameOf(again, server.url)).toBe(401);
  });

  it('without a session for HEAD, with which programs look at links', async () => {
    const answer = await fetch(`${server.url}/auth/callback?code=a`, { method: 'HEAD' });
    expect(answer.status).toBe(405);
  });
});

it('answers that do not belong to a login of the browser count against no address', async () => {
  const own = await startLoginServer({ flags: flags(), failureLimit: { value: 1, intervalMs: 60_000 } });
  const bad = () => new FormBrowser().send(`${own.url}/auth/callback?code=a&state=b`);
  for (let n = 0; n < 15; n += 1) {
    expect((await bad()).headers.get('location')).toBe('/login?failed=expired');
  }
  const browser = new FormBrowser();
  const back = await throughForms(browser, (await begin(browser, '/', own.url)).href, 'alice');
  const pending = new Map(browser.cookies);
  const foreign = await browser.send(`${own.url}/auth/callback?code=a&state=b`);
  expect(foreign.headers.get('location')).toBe('/login?failed=expired');
  for (const [name, value] of pending) browser.cookies.set(name, value);
  expect((await browser.send(back)).headers.get('location')).toBe('/');
  await own.close();
});

it('guesses in a login that the browser began are limited', async () => {
  const own = await startLoginServer({ flags: flags(), failureLimit: { value: 1, intervalMs: 60_000 } });
  const guess = async () => {
    const browser = new FormBrowser();
    const state = (await begin(browser, '/', own.url)).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ code: 'guessed', state, iss: issuer.url });
    return (await browser.send(`${own.url}/auth/callback?${query.toString()}`)).headers.get('location');
  };
  for (let n = 0; n < 10; n += 1) expect(await guess()).toBe('/login?failed=failed');
  expect(await guess()).toBe('/login?failed=too-many');
  await own.close();
});

it('a person who says no at the issuer is back at the login page, which leads to the same address', async () => {
  const browser = new FormBrowser();
  const at = await begin(browser, '/figures');
  const query = new URLSearchParams({
    error: 'access_denied',
    error_description: '<script>alert(1)</script>',
    state: at.searchParams.get('state') ?? '',
    iss: issuer.url,
  });
  const answer = await browser.send(`${server.url}/auth/callback?${query.toString()}`);
  expect(answer.headers.get('location')).toBe('/login?failed=denied&returnTo=%2Ffigures');
});

it('while the issuer is away, the login page says so, and the log why', async () => {
  const own = await startLoginServer({ flags: flags() });
  await issuer.stop();
  const at = await begin(new FormBrowser(), '/figures', own.url);
  expect(at.pathname + at.search).toBe('/login?failed=unavailable&returnTo=%2Ffigures');
  await issuer.start();
  expect(own.log()).toContain('does not answer logins: ');
  await own.close();
});

it.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/.//evil.example/',
  '/%0d%0aSet-Cookie:a=b/../\t/evil.example',
  '\t//evil.example',
  '/api/v1/me',
  '/auth/login',
  'javascript:alert(1)',
])('no address leads a login to another site: %s', async (returnTo) => {
  const browser = new FormBrowser();
  const location = (await logIn(browser, 'alice', returnTo)) ?? '';
  const { origin, pathname } = new URL(location, server.url);
  expect(origin).toBe(server.url);
  expect(pathname).not.toMatch(/^\/(api|auth)\//);
});

it('replicas with the same key share a login; a session ends when the issuer is another one', async () => {
  const port = Number(new URL(server.url).port);
  const browser = new FormBrowser();
  const back = await throughForms(browser, (await begin(browser)).href, 'alice');
  await server.close();
  const rotated = [randomBytes(32), key];
  server = await startLoginServer({ port, flags: flags(), keys: () => rotated });
  expect((await browser.send(back)).headers.get('location')).toBe('/');
  expect(await nameOf(browser, server.url)).toBe('oidc:alice');
  await server.close();
  const copy = new Map(browser.cookies);
  server = await startLoginServer({ port, flags: flags('another'), keys: () => rotated });
  expect(await nameOf(browser, server.url)).toBe(401);
  await server.close();
  server = await startLoginServer({ port, flags: flags(), keys: () => rotated });
  const before = new FormBrowser();
  for (const [name, value] of copy) before.cookies.set(name, value);
  expect(await nameOf(before, server.url)).toBe('oidc:alice');
});

it('no log has a code, a state, a token or a cookie', async () => {
  const browser = new FormBrowser();
  const at = await begin(browser);
  const back = await throughForms(browser, at.href, 'alice');
  await browser.send(back);
  await browser.send(back);
  const secrets = [
    at.searchParams.get('state'),
    at.searchParams.get('nonce'),
    new URL(back).searchParams.get('code'),
    ...[...browser.cookies].filter(([name]) => name.startsWith('windlass')).map(([, value]) => value),
  ];
  expect(secrets.filter((secret) => secret === null || server.log().includes(secret))).toEqual([]);
  expect(server.log()).toContain('"who":"oidc:alice"');
});
