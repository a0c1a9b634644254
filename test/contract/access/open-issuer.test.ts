import { readFileSync } from 'node:fs';
import { type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { pino } from 'pino';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Authenticator } from '../../../src/access/access';
import { readConfig } from '../../../src/config/config';
import { openIssuer } from '../../../src/program/composition/open-issuer';
import { eventually } from '../../support/eventually';
import { closeServer, listenOnLoopback } from '../../support/loopback';

const fixture = (name: string) => join(__dirname, '../../fixtures/tls', name);
const json = (value: unknown) => JSON.stringify(value);

let server: Server;
let url: string;
let answers: Record<string, RequestListener>;
let logged: string[];
let sign: (claims: Record<string, unknown>) => Promise<string>;
beforeEach(async () => {
  logged = [];
  server = createServer(
    { key: readFileSync(fixture('server-key.pem')), cert: readFileSync(fixture('server.pem')) },
    (request, response) => {
      const answer = answers[request.url ?? ''];
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    },
  );
  url = `https://localhost:${await listenOnLoopback(server)}`;
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }];
  sign = (claims) =>
    new SignJWT({ iss: url, aud: 'windlass', sub: 'alice', groups: ['release'], ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setExpirationTime('5m')
      .sign(privateKey);
  answers = {
    '/.well-known/openid-configuration': (_request, response) =>
      response.end(json({ issuer: url, jwks_uri: `${url}/keys` })),
    '/keys': (_request, response) => response.end(json({ keys })),
  };
});
afterEach(() => closeServer(server));

/** With the flags that a person would set. */
async function open(flags: Readonly<Record<string, string>> = { oidcCaFile: fixture('authority.pem') }) {
  const config = readConfig(
    {
      pipelinesDir: __dirname,
      accessPolicyFile: 'a',
      oidcIssuerUrl: url,
      oidcClientId: 'windlass',
      ...flags,
    },
    {},
  );
  const log = pino(
    { level: 'trace' },
    { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const issuer = await openIssuer(config.access.oidc, log);
  if (issuer === undefined) throw new Error('There is no issuer.');
  return issuer;
}

const expectAway = async (issuer: Authenticator, reason: string) => {
  await expect(sign({}).then((token) => issuer.authenticate(token))).rejects.toMatchObject({
    name: 'AccessUnavailable',
  });
  expect(logged.join()).toContain(reason);
};

it('an issuer whose certificate is from a private CA is trusted by that CA', async () => {
  expect(await (await open()).authenticate(await sign({}))).toMatchObject({
    known: true,
    caller: { name: 'oidc:alice', groups: ['oidc:release'] },
  });
});

it('claims and prefixes are those of the flags', async () => {
  const issuer = await open({
    oidcCaFile: fixture('authority.pem'),
    oidcUsernameClaim: 'login',
    oidcUsernamePrefix: 'dex/',
    oidcGroupsClaim: 'roles',
    oidcGroupsPrefix: 'dex-group/',
  });
  expect(await issuer.authenticate(await sign({ login: 'al', roles: ['ops'] }))).toMatchObject({
    caller: { name: 'dex/al', groups: ['dex-group/ops'] },
  });
});

it('without that CA it gives no keys, which the log says before someone logs in', async () => {
  const issuer = await open({});
  await eventually(() => expect(logged.join()).toContain('not signed by a trusted CA'));
  expect(logged.join()).toContain('--oidc-ca-file');
  await expectAway(issuer, 'not signed by a trusted CA');
});

it.each<readonly [what: string, change: () => void, reason: string]>([
  [
    'sends its readers elsewhere',
    () => (answers['/keys'] = (_request, response) => response.writeHead(302, { location: '/other' }).end()),
    'redirects are not followed',
  ],
  [
    'has its keys where anyone on the way can replace them',
    () =>
      (answers['/.well-known/openid-configuration'] = (_request, response) =>
        response.end(json({ issuer: url, jwks_uri: 'http://keys.example.com/' }))),
    'over plain HTTP',
  ],
  [
    'has its keys at a metadata service',
    () =>
      (answers['/.well-known/openid-configuration'] = (_request, response) =>
        response.end(json({ issuer: url, jwks_uri: 'https://169.254.169.254/' }))),
    'metadata address',
  ],
  [
    'has no keys',
    () => (answers['/keys'] = (_request, response) => response.end('{}')),
    'is not a set of keys',
  ],
  [
    'answers without an end',
    () => (answers['/keys'] = (_request, response) => response.end('x'.repeat(600_000))),
    'more than 524288 bytes',
  ],
  ['has an error', () => delete answers['/keys'], '/keys answers 404'],
])('gives no keys: an issuer that %s', async (_what, change, reason) => {
  change();
  await expectAway(await open(), reason);
});
