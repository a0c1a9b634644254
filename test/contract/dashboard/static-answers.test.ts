import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningOperatorApi, startTestOperatorApi } from '../../support/operator-api-server';

let directory: string;
let api: RunningOperatorApi;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-dashboard-'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Windlass</title>');
  api = await startTestOperatorApi({ dashboard: directory });
});
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true });
});

it('a page that the browser has kept keeps its headers when it is loaded again', async () => {
  const first = await fetch(api.url);
  expect(first.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
  expect(first.headers.get('Cache-Control')).toBe('no-cache');
  const again = await fetch(api.url, { headers: { 'If-None-Match': first.headers.get('ETag') ?? '' } });
  expect(again.status).toBe(304);
  expect([again.headers.get('Content-Security-Policy'), again.headers.get('Cache-Control')]).toEqual([
    null,
    null,
  ]);
});

it('a file that is missing is answered as the API answers', async () => {
  const missing = await fetch(`${api.url}/assets/index-0.js`);
  expect(missing.status).toBe(404);
  expect(missing.headers.get('Cache-Control')).toBe('no-store');
  expect(missing.headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
});
