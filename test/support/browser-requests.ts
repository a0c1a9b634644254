import { type BrowserRequest } from '../../src/temporal-server/foreign-requests';

interface Case extends BrowserRequest {
  readonly method: 'GET' | 'POST';
  /** What makes it foreign; absent if the Web UI can have it. */
  readonly foreign?: 'host' | 'origin';
}

const host = '127.0.0.1:21000';
const methods = ['GET', 'POST'] as const;

const underOwnNames = [
  host,
  'localhost:21000',
  '[::1]:21000',
  'LOCALHOST:21000',
  '127.0.0.1',
  'localhost:8233',
];
const underForeignNames = [
  '',
  'rebound.example.com:21000',
  '127.0.0.1.example.com:21000',
  'localhost.example.com',
  'a.localhost:21000',
  'localhost.:21000',
  '127.0.0.2:21000',
  '172.18.0.5:8233',
  '0.0.0.0:21000',
  '2130706433:21000',
  '127a0.0.1:21000',
  'user@127.0.0.1:21000',
];

const ofOwnPages: readonly BrowserRequest['headers'][] = [
  {},
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'same-origin' },
  { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
];
const ofForeignPages: readonly BrowserRequest['headers'][] = [
  { origin: 'http://evil.example.com' },
  { origin: `http://${host}.example.com` },
  { origin: 'http://127a0.0.1:21000' },
  { origin: `https://${host}` },
  { origin: 'null' },
  { origin: 'http://localhost:21000', 'sec-fetch-site': 'cross-site' },
  { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
];
const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } as const;

/** Requests to a Web UI on this machine, and which of them a page of another origin sends. */
export const browserRequests: readonly Case[] = [
  ...methods.flatMap((method): Case[] => [
    ...underOwnNames.flatMap((own) => [
      { method, headers: { host: own } },
      { method, headers: { host: own, origin: `http://${own}` } },
    ]),
    ...underForeignNames.map((other) => ({
      method,
      headers: { host: other, origin: `http://${other}`, 'sec-fetch-site': 'same-origin' } as const,
      foreign: 'host' as const,
    })),
    ...ofOwnPages.map((headers) => ({ method, headers: { host, ...headers } })),
    ...ofForeignPages.map((headers) => ({
      method,
      headers: { host, ...headers },
      foreign: 'origin' as const,
    })),
  ]),
  { method: 'GET', headers: link },
  { method: 'GET', headers: { ...link, 'sec-fetch-site': 'same-site' } },
  // A form can navigate as well.
  { method: 'POST', headers: link, foreign: 'origin' },
];
