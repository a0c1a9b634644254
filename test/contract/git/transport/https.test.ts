/** Git over https, on a real TLS server: who logs in how, and which certificates are trusted. */
import { readFileSync } from 'node:fs';
import { type ServerOptions } from 'node:https';
import { join } from 'node:path';
import { type TlsMaterial } from '../../../../src/domain/credentials';
import { createRepositoryCache } from '../../../../src/git/cache/repository-cache';
import { failureOf } from '../../../support/classified-failure';
import { runGit } from '../../../support/git-repository';
import {
  branches,
  cacheOptions,
  marked,
  promote,
  remoteAt,
  serveRepository,
  type ServedRepository,
  signal,
  token,
} from '../fixtures';

const pem = (name: string): string =>
  readFileSync(join(__dirname, '../../../fixtures/tls', `${name}.pem`), 'utf8');
const ca = pem('authority');
const client = { certificate: pem('client'), key: pem('client-key') };
/** Of another authority: its own. */
const stranger = { certificate: pem('stranger'), key: pem('stranger-key') };
const certificate: ServerOptions = { cert: pem('server'), key: pem('server-key') };
const clientsOnly: ServerOptions = { ...certificate, ca, requestCert: true, rejectUnauthorized: true };

let served: ServedRepository;
afterEach(() => served.close());

interface Attempt {
  readonly tls?: TlsMaterial;
  readonly bearerToken?: string;
  /** Instead of the server's address, to which it resolves. */
  readonly name?: string;
}

async function serve(tls: ServerOptions): Promise<void> {
  served = await serveRepository({ 'app.yaml': marked('1.0.0') }, tls);
}

/** Fetches and pushes. @returns the pushed commit */
function promoteWith({ tls = {}, bearerToken, name }: Attempt): Promise<string> {
  const cache = createRepositoryCache({
    ...cacheOptions(served.directory),
    addressesOf: () => Promise.resolve(['127.0.0.1']),
  });
  const { url } = served.server;
  const login = bearerToken === undefined ? { basic: token.basic } : { bearerToken };
  const at = name === undefined ? url : url.replace('127.0.0.1', name);
  const remote = remoteAt(`${at}/team/config.git`, { ...login, tls });
  return cache.withRepository(remote, branches, signal(), (repository) => promote(repository, '1.1.0'));
}
const pushed = (): string => runGit(served.bare, 'rev-parse', branches.promotion);

describe('a server whose certificate an own authority issued', () => {
  beforeEach(() => serve(certificate));

  test('serves fetch and push to those who trust that authority', async () => {
    expect(await promoteWith({ tls: { ca } })).toBe(pushed());
  });

  test('takes a bearer token', async () => {
    served.server.accepted.clear();
    served.server.accepted.add('Bearer canary');
    expect(await promoteWith({ tls: { ca }, bearerToken: 'canary' })).toBe(pushed());
  });

  test('is not trusted without it, and gets no credentials', async () => {
    expect(await failureOf(promoteWith({}))).toMatchObject({
      ...{ code: 'network', retryable: true },
      fault: expect.stringContaining('add the authority that issued it to the Secret as ca.crt'),
    });
    expect(served.server.requests).toEqual([]);
  });

  test('is not trusted under another name, and gets no credentials', async () => {
    expect(await failureOf(promoteWith({ tls: { ca }, name: 'git.example.invalid' }))).toMatchObject({
      code: 'network',
      fault: 'The certificate of git.example.invalid is for another host name.',
    });
    expect(served.server.requests).toEqual([]);
  });

  test('refuses a wrong password by its own words', async () => {
    served.server.accepted.clear();
    expect(await failureOf(promoteWith({ tls: { ca } }))).toMatchObject({
      ...{ code: 'bad-credentials', retryable: false },
      fault: '127.0.0.1 refuses these credentials.',
    });
  });
});

describe('a server that requires a client certificate', () => {
  beforeEach(() => serve(clientsOnly));

  test('serves fetch and push to those who have one', async () => {
    expect(await promoteWith({ tls: { ca, client } })).toBe(pushed());
  });

  test.each([
    ['without one', () => ({ ca })],
    ['with one of another authority', () => ({ ca, client: stranger })],
  ])('refuses a promotion %s', async (_how, tls) => {
    expect(await failureOf(promoteWith({ tls: tls() }))).toMatchObject({
      code: 'network',
      fault: expect.stringMatching(/broke off: .* check tls\.crt and tls\.key of the Secret/),
    });
    expect(served.server.requests).toEqual([]);
  });

  test.each([
    ['that is not PEM', () => ({ certificate: 'certificate', key: 'its private key' })],
    ['whose key is another', () => ({ ...client, key: stranger.key })],
  ])('is not asked with a certificate %s', async (_what, broken) => {
    expect(await failureOf(promoteWith({ tls: { ca, client: broken() } }))).toMatchObject({
      ...{ code: 'bad-credentials', retryable: false },
      fault: expect.stringContaining('tls.key is not the key of tls.crt'),
    });
  });
});
