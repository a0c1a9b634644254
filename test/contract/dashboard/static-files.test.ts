/** What is served besides the API: the files of the dashboard, and nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoginServer, startLoginServer } from '../../support/dashboard/login-server';
import { sendRaw } from '../../support/raw-http';

let directory: string;
let server: LoginServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-dashboard-'));
  await mkdir(join(directory, 'dashboard/assets'), { recursive: true });
  await writeFile(join(directory, 'secret.txt'), 'a secret');
  await writeFile(join(directory, 'dashboard/index.html'), '<!doctype html><title>Windlass</title>');
  await writeFile(join(directory, 'dashboard/assets/index-0a1b.js'), 'export {};');
  server = await startLoginServer({ dashboard: join(directory, 'dashboard') });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

it.each(['/', '/login', '/figures', '/pipelines/apps/shop', '/apix', '/index.html'])(
  '%s is the page, with what keeps foreign scripts and frames out',
  async (path) => {
    const answer = await fetch(server.url + path, { headers: { Accept: 'text/html' } });
    expect(await answer.text()).toContain('<title>Windlass</title>');
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = headers['content-security-policy'] ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy.split('; ')).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  },
);

it('assets are kept for a year', async () => {
  const answer = await fetch(`${server.url}/assets/index-0a1b.js`);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('content-type')).toContain('javascript');
});

it.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//secret.txt',
  '/%00',
])('no path leads out of the directory: %s', async (path) => {
  const port = Number(new URL(server.url).port);
  const answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404)/);
  expect(answer).not.toContain('a secret');
});

it.each([
  '/api',
  '/api/v1/unknown',
  '/api/v2',
  '/auth',
  '/auth/unknown',
  '/auth/login',
  '/assets/index-old.js',
  '/assets/old',
])('%s is an answer of the API, also for a browser', async (path) => {
  const answer = await fetch(server.url + path, { headers: { Accept: 'text/html' } });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
});

it('no answer of a login may be kept, or names where it came from', async () => {
  for (const path of ['/auth/options', '/auth/link?code=a']) {
    const answer = await fetch(server.url + path, { redirect: 'manual' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  }
});
