import { type BrowserRequest, foreignRequestReason } from '../../../src/temporal-server/foreign-requests';

const request = (headers: BrowserRequest['headers'], method = 'POST'): BrowserRequest => ({
  method,
  headers,
});
const host = '127.0.0.1:21000';

describe('a request under the name of this machine', () => {
  it.each([
    '127.0.0.1:21000',
    'localhost:21000',
    '[::1]:21000',
    'LOCALHOST:21000',
    '127.0.0.1',
    'localhost:8233',
  ])('with Host %s belongs to the Web UI', (own) => {
    expect(foreignRequestReason(request({ host: own }))).toBeUndefined();
    expect(foreignRequestReason(request({ host: own, origin: `http://${own}` }))).toBeUndefined();
  });
});

it.each([
  undefined,
  '',
  'rebound.example.com:21000',
  '127.0.0.1.example.com:21000',
  'localhost.example.com',
  'a.localhost:21000',
  '127.0.0.2:21000',
  '0.0.0.0:21000',
  'localhost.:21000',
  'user@127.0.0.1:21000',
  '127.0.0.1:21000\nlocalhost',
  '2130706433:21000',
])('with Host %j it is foreign, whatever it asks for', (foreign) => {
  for (const method of ['GET', 'POST']) {
    const headers = { host: foreign, origin: `http://${foreign}`, 'sec-fetch-site': 'same-origin' } as const;
    expect(foreignRequestReason(request(headers, method))).toMatch(/answers only to the host names/);
  }
});

it.each([
  [{ origin: 'http://evil.example.com' }],
  [{ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' }],
  [{ origin: 'http://localhost:21000' }],
  [{ origin: 'https://127.0.0.1:21000' }],
  [{ origin: 'null' }],
  [{ origin: '' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
])('from a page of another origin it is foreign: %j', (headers) => {
  expect(foreignRequestReason(request({ host, ...headers }))).toMatch(/pages of other origins/);
});

it('can be a link on another site', () => {
  const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } as const;
  expect(foreignRequestReason(request(link, 'GET'))).toBeUndefined();
  expect(foreignRequestReason(request({ ...link, 'sec-fetch-mode': 'no-cors' }, 'GET'))).toBeDefined();
});

it.each([{}, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])(
  'of its own pages and of programs belongs to the Web UI: %j',
  (headers) => {
    expect(foreignRequestReason(request({ host, ...headers }))).toBeUndefined();
  },
);
