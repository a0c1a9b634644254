/** Links that log a browser in, for a program that has a token. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../support/command-line';
import { all, startTestOperatorApi } from '../../support/operator-api-server';
import { FormBrowser } from '../../support/form-browser';
import { adasToken, type LoginServer, nameOf, startLoginServer } from '../../support/dashboard/login-server';

const keys = [randomBytes(32)];
let server: LoginServer;
beforeEach(async () => {
  server = await startLoginServer({ keys: () => keys });
});
afterEach(() => server.close());

const open = async (browser: FormBrowser, link: string) => {
  const answer = await browser.send(link);
  expect(answer.status).toBe(303);
  return answer.headers.get('location');
};

it('a link logs a browser in, once', async () => {
  const link = server.link(adasToken);
  const browser = new FormBrowser();
  expect(await open(browser, link)).toBe('/');
  expect(await nameOf(browser, server.url)).toBe('token:ada');
  const other = new FormBrowser();
  expect(await open(other, link)).toBe('/login?failed=link');
  expect(await nameOf(other, server.url)).toBe(401);
});

it('another spelling of the same code is not another code', async () => {
  const link = server.link(adasToken);
  await open(new FormBrowser(), link);
  for (const other of [`${link}=`, `${link}!`, link.replace(/.$/, (last) => neighbor(last))]) {
    expect(await open(new FormBrowser(), other)).toBe('/login?failed=link');
  }
});

/** Differs in the last bits only, which base64url may leave unused. */
function neighbor(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) ^ 1] ?? '';
}

it.each([
  ['expired', () => server.link(adasToken, -1)],
  ['is of an unknown token', () => server.link('an-unknown-token-of-some-length')],
  ['is not one', () => `${server.url}/auth/link?code=guess`],
  ['has two codes', () => `${server.link(adasToken)}&code=1`],
  ['has none', () => `${server.url}/auth/link`],
])('a link that %s leads to the login page', async (_what, link) => {
  const browser = new FormBrowser();
  expect(await open(browser, link())).toBe('/login?failed=link');
  expect(browser.cookies.size).toBe(0);
});

it('a link of before the start does not count, because it may have been used', async () => {
  const link = server.link(adasToken);
  const port = Number(new URL(server.url).port);
  await server.close();
  server = await startLoginServer({ port, keys: () => keys });
  expect(await open(new FormBrowser(), link)).toBe('/login?failed=link');
});

it('a look at a link by HEAD does not use it up', async () => {
  const link = server.link(adasToken);
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(405);
  expect(await open(new FormBrowser(), link)).toBe('/');
});

it.each(['cross-site', 'same-site'])(
  'a link in a page that is %s logs no browser in, and stays good',
  async (site) => {
    const link = server.link(adasToken);
    const browser = new FormBrowser();
    const answer = await browser.request(link, { headers: { 'Sec-Fetch-Site': site } });
    expect(answer.headers.get('location')).toBe('/login?failed=link');
    expect(browser.cookies.size).toBe(0);
    const typed = await browser.request(link, { headers: { 'Sec-Fetch-Site': 'none' } });
    expect(typed.headers.get('location')).toBe('/');
    expect(await nameOf(browser, server.url)).toBe('token:ada');
  },
);

it('a program gets a link for its token, and no one without a token does', async () => {
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.url}/auth/links`, { method: 'POST', headers });
  const answer = await ask({ Authorization: `Bearer ${adasToken}` });
  const { path } = (await answer.json()) as { path: string };
  expect(await open(new FormBrowser(), server.url + path)).toBe('/');
  expect((await ask({})).status).toBe(401);
  expect((await ask({ Authorization: 'Bearer an-unknown-token-of-some-length' })).status).toBe(401);
});

describe('windlass dashboard', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'windlass-cli-'));
  });
  afterEach(() => rm(home, { recursive: true }));
  const run = (token: string, url = server.url) =>
    runCommand(['dashboard'], { home, env: { WINDLASS_SERVER: url, WINDLASS_TOKEN: token } });

  it('prints a link for whom the command line is logged in as', async () => {
    const { code, out } = await run(adasToken);
    expect(code).toBe(0);
    const browser = new FormBrowser();
    expect(await open(browser, out.trim())).toBe('/');
    expect(await nameOf(browser, server.url)).toBe('token:ada');
  });

  it('prints the sentence of a server that does not know the token, or has no dashboard', async () => {
    const unknown = await run('an-unknown-token-of-some-length');
    expect(unknown).toMatchObject({ code: 3, out: '' });
    expect(unknown.err).toContain('The token is not known here');
    const older = await startTestOperatorApi();
    expect(await run(all, older.url)).toMatchObject({ code: 4, out: '' });
    await older.close();
  });
});

it('no log has a link', async () => {
  const link = server.link(adasToken);
  await open(new FormBrowser(), link);
  await open(new FormBrowser(), link);
  expect(server.log()).not.toContain(new URL(link).searchParams.get('code'));
  expect(server.log()).toContain('"who":"token:ada"');
});
