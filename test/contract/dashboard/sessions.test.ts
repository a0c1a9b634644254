/** Sessions by a pasted token: what counts, what ends them, and which requests a session is good for. */
import { createHash, randomBytes } from 'node:crypto';
import { FormBrowser } from '../../support/form-browser';
import {
  adasToken,
  browserWithToken,
  type LoginServer,
  nameOf,
  ofThePage,
  startLoginServer,
} from '../../support/dashboard/login-server';

const key = randomBytes(32);

let server: LoginServer;
beforeEach(async () => {
  server = await startLoginServer({ keys: () => [key] });
});
afterEach(() => server.close());

const anAct = '/api/v1/pipelines/apps/shop/environments/prod/promote';
const withBody = { method: 'POST', body: '{"version":"1.0.0"}' } as const;

it('a pasted token is a session, until the person logs out', async () => {
  const browser = await browserWithToken(server.url);
  const me = (await (await browser.request(`${server.url}/api/v1/me`)).json()) as {
    session: { until: string };
  };
  expect(me).toMatchObject({ name: 'token:ada', groups: ['token:release'], via: 'token' });
  const hours = (Date.parse(me.session.until) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(7.9);
  expect(hours).toBeLessThanOrEqual(8);
  const answer = await browser.request(`${server.url}/auth/logout`, { method: 'POST', headers: ofThePage });
  expect(answer.status).toBe(204);
  expect(browser.cookies.size).toBe(0);
  expect(await nameOf(browser, server.url)).toBe(401);
});

it('no script can read the cookie, and it holds the token only encrypted', async () => {
  const answer = await fetch(`${server.url}/auth/token`, {
    method: 'POST',
    headers: ofThePage,
    body: JSON.stringify({ token: adasToken }),
  });
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^windlass-session-\d+=[\w-]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax$/);
  const value = Buffer.from(/=([^;]+)/.exec(cookie)?.[1] ?? '', 'base64url').toString('latin1');
  expect(value).not.toContain(adasToken.slice(0, 8));
  expect(server.log()).not.toContain(adasToken);
});

it('behind TLS the cookie belongs to this host alone', async () => {
  const other = await startLoginServer({ flags: { dashboardUrl: 'https://windlass.example.com' } });
  const { body, status } = await rawLogin(other.url, 'windlass.example.com');
  expect(status).toBe(204);
  expect(body).toMatch(/^__Host-windlass-session=[\w-]+; Path=\/; .*SameSite=Lax; Secure$/);
  await other.close();
});

it('a session of this machine without TLS is good there alone, since each of its ports gets the cookie', async () => {
  const publicHost = 'windlass.example.com';
  const other = await startLoginServer({ flags: { dashboardUrl: `https://${publicHost}` } });
  const valueOf = (cookie: string) => /=([\w-]+)/.exec(cookie)?.[1] ?? '';
  const statusAt = async (host: string, cookie: string) => {
    const { request } = await import('undici');
    const answer = await request(`${other.url}/api/v1/me`, { headers: { host, cookie } });
    await answer.body.dump();
    return answer.statusCode;
  };
  const { host } = new URL(other.url);
  const begun = { local: await rawLogin(other.url, host), public: await rawLogin(other.url, publicHost) };
  const local = valueOf(begun.local.body);
  expect(await statusAt(host, `windlass-session-${new URL(other.url).port}=${local}`)).toBe(200);
  expect(await statusAt(publicHost, `__Host-windlass-session=${local}`)).toBe(401);
  expect(await statusAt(publicHost, `__Host-windlass-session=${valueOf(begun.public.body)}`)).toBe(200);
  await other.close();
});

/** `fetch` sets `Host` itself. */
async function rawLogin(
  url: string,
  host: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const { request } = await import('undici');
  const answer = await request(`${url}/auth/token`, {
    method: 'POST',
    headers: { ...ofThePage, host },
    body: JSON.stringify({ token: adasToken }),
  });
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return { status: answer.statusCode, body: cookies[0] ?? '' };
}

it('a token that was revoked ends the session, and the browser forgets it', async () => {
  const browser = await browserWithToken(server.url);
  server.tokens.clear();
  expect(await nameOf(browser, server.url)).toBe(401);
  expect(browser.cookies.size).toBe(0);
});

it('every replica with the same key knows the session, also while the key is rotated; another one does not', async () => {
  const browser = await browserWithToken(server.url);
  const port = Number(new URL(server.url).port);
  await server.close();
  for (const [keys, expected] of [
    [[key], 'token:ada'],
    [[randomBytes(32), key], 'token:ada'],
    [[randomBytes(32)], 401],
  ] as const) {
    server = await startLoginServer({ port, keys: () => keys });
    const copy = new FormBrowser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    expect(await nameOf(copy, server.url)).toBe(expected);
    await server.close();
  }
  server = await startLoginServer();
});

it.each([
  [
    'changed in its middle',
    (value: string) => value.slice(0, 40) + (value[40] === 'A' ? 'B' : 'A') + value.slice(41),
  ],
  ['cut', (value: string) => value.slice(0, -4)],
  ['empty but for a word', () => 'null'],
  ['of a huge size', () => 'A'.repeat(3_900)],
])('a cookie that is %s is no session', async (_what, change) => {
  const browser = await browserWithToken(server.url);
  for (const [name, value] of browser.cookies) browser.cookies.set(name, change(value));
  expect(await nameOf(browser, server.url)).toBe(401);
});

it('what was sealed for another purpose is no session', async () => {
  const browser = await browserWithToken(server.url);
  const code = new URL(server.link(adasToken)).searchParams.get('code') ?? '';
  for (const name of browser.cookies.keys()) browser.cookies.set(name, code);
  expect(await nameOf(browser, server.url)).toBe(401);
});

it('a token in Authorization counts before the session', async () => {
  const browser = await browserWithToken(server.url);
  const other = 'bobs-token-bobs-token-bobs-token';
  server.tokens.set(createHash('sha256').update(other).digest('hex'), { name: 'bob', groups: [] });
  const me = await browser.request(`${server.url}/api/v1/me`, {
    headers: { Authorization: `Bearer ${other}` },
  });
  expect(await me.json()).toMatchObject({ name: 'token:bob' });
  const wrong = await browser.request(`${server.url}/api/v1/me`, {
    headers: { Authorization: 'Bearer unknown' },
  });
  expect(wrong.status).toBe(401);
});

describe('with a session, a request of another site is refused:', () => {
  it.each<readonly [what: string, headers: Readonly<Record<string, string>>, status: number]>([
    ['without the header', { 'Content-Type': 'application/json' }, 403],
    ['from another site', { ...ofThePage, 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['from another host of the same site', { ...ofThePage, 'Sec-Fetch-Site': 'same-site' }, 403],
    ['an address that was typed', { ...ofThePage, 'Sec-Fetch-Site': 'none' }, 403],
    ['from another origin', { ...ofThePage, Origin: 'https://evil.example' }, 403],
    ['from a page without an origin', { ...ofThePage, Origin: 'null' }, 403],
  ])('an act %s', async (_what, headers, status) => {
    const browser = await browserWithToken(server.url);
    const answer = await browser.request(server.url + anAct, { ...withBody, headers });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code: 'forbidden' });
  });

  it.each(['cross-site', 'same-site'])('a read that the browser calls %s', async (site) => {
    const browser = await browserWithToken(server.url);
    const answer = await browser.request(`${server.url}/api/v1/me`, { headers: { 'Sec-Fetch-Site': site } });
    expect(answer.status).toBe(403);
  });

  it('and one of its own page is not', async () => {
    const browser = await browserWithToken(server.url);
    for (const headers of [
      { ...ofThePage, 'Sec-Fetch-Site': 'same-origin', Origin: server.url },
      { ...ofThePage, Origin: server.url },
      ofThePage,
    ]) {
      const answer = await browser.request(server.url + anAct, { ...withBody, headers });
      // There is no such Pipeline.
      expect(answer.status).toBe(404);
    }
  });

  it.each(['token', 'logout'])('POST /auth/%s', async (path) => {
    const browser = await browserWithToken(server.url);
    const answer = await browser.request(`${server.url}/auth/${path}`, {
      method: 'POST',
      headers: { ...ofThePage, 'Sec-Fetch-Site': 'cross-site' },
      body: JSON.stringify({ token: adasToken }),
    });
    expect(answer.status).toBe(403);
    expect(browser.cookies.size).toBe(1);
  });
});

it('the stream of events works by the session, and ends with it', async () => {
  const expiring = unsignedToken(Math.floor(Date.now() / 1_000) + 2);
  server.tokens.set(createHash('sha256').update(expiring).digest('hex'), { name: 'eve', groups: [] });
  const browser = await browserWithToken(server.url, expiring);
  const stream = await browser.request(`${server.url}/api/v1/events`);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  expect(await stream.text()).toContain('event: workers');
  expect(await nameOf(browser, server.url)).toBe(401);
});

/** A static token that looks like a JWT which says when it expires. */
function unsignedToken(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp })}.none`;
}

it.each([
  ['unknown', JSON.stringify({ token: 'an-unknown-token-of-some-length' }), 401, 'unauthenticated'],
  ['with a space', JSON.stringify({ token: 'two words that are no token' }), 401, 'unauthenticated'],
  ['missing', '{}', 400, 'bad-request'],
  ['too long', JSON.stringify({ token: 'x'.repeat(16_001) }), 400, 'bad-request'],
])('a pasted token that is %s begins no session', async (_what, body, status, code) => {
  const answer = await fetch(`${server.url}/auth/token`, { method: 'POST', headers: ofThePage, body });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code });
  expect(answer.headers.getSetCookie()).toEqual([]);
});

it('a token that no cookie has room for is refused with a sentence', async () => {
  const long = randomBytes(7_000).toString('hex');
  server.tokens.set(createHash('sha256').update(long).digest('hex'), { name: 'long', groups: [] });
  await expect(browserWithToken(server.url, long)).rejects.toThrow('more than a browser keeps');
});

it('a long token is kept in two cookies', async () => {
  const long = randomBytes(4_000).toString('base64url');
  server.tokens.set(createHash('sha256').update(long).digest('hex'), { name: 'long', groups: [] });
  const browser = await browserWithToken(server.url, long);
  expect(browser.cookies.size).toBe(2);
  expect(await nameOf(browser, server.url)).toBe('token:long');
});

it('guesses are limited as those of the API are', async () => {
  const limited = await startLoginServer({ failureLimit: { value: 1, intervalMs: 60_000 } });
  const guess = () =>
    fetch(`${limited.url}/auth/token`, {
      method: 'POST',
      headers: ofThePage,
      body: JSON.stringify({ token: 'guessed-guessed-guessed-guessed' }),
    });
  expect((await guess()).status).toBe(401);
  expect((await guess()).status).toBe(429);
  await limited.close();
});
