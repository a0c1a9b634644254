import { pino } from 'pino';
import { type Access } from '../../../src/access/access';
import { createAccess } from '../../../src/access/create-access';
import { tokenReviewAuthenticator } from '../../../src/access/kubernetes/token-review-authenticator';
import { IssuerKeys } from '../../../src/access/oidc/issuer-keys';
import { oidcAuthenticator } from '../../../src/access/oidc/oidc-authenticator';
import { hashOfToken, staticTokenAuthenticator } from '../../../src/access/tokens/static-tokens';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer';
import { type ScriptedApiServer, startScriptedApiServer } from '../../support/scripted-api-server';

const log = pino({ level: 'silent' });
const staticToken = 'a-static-token-of-thirty-chars';

let issuer: OidcIssuer;
let apiServer: ScriptedApiServer;
let access: Access;
beforeEach(async () => {
  issuer = await startOidcIssuer({ alice: { groups: ['release'] } });
  apiServer = await startScriptedApiServer((_request, answer) => {
    const status = { authenticated: true, user: { username: 'alice', groups: ['release'] } };
    answer.writeHead(201).end(JSON.stringify({ status }));
  });
  const keys = new IssuerKeys({
    issuer: issuer.url,
    outboundTo: (allowedHosts) => createOutbound({ allowedHosts, allowPlainHttp: false, timeoutMs: 5_000 }),
    log,
  });
  const entries = new Map([[hashOfToken(staticToken), { name: 'alice', groups: ['release'] }]]);
  access = createAccess({
    authenticators: [
      oidcAuthenticator({
        issuer: issuer.url,
        clientId: 'windlass',
        claims: { user: 'sub', groups: 'groups' },
        prefixes: { user: 'oidc:', group: 'oidc:' },
        keys,
      }),
      staticTokenAuthenticator(() => entries),
      tokenReviewAuthenticator({ kubeConfig: apiServer.kubeConfig, audiences: [], log }),
    ],
    authorizer: { allows: () => Promise.resolve(false) },
  });
});
afterEach(async () => {
  await issuer.stop();
  await apiServer.close();
});

const callerOf = async (token: string) => {
  const authentication = await access.authenticate(token);
  return authentication.known ? authentication.caller : undefined;
};

it('the same person has a name and groups of its own for each way to log in', async () => {
  expect([
    await callerOf(await issuer.logIn('alice')),
    await callerOf(staticToken),
    await callerOf('a-token-of-kubernetes'),
  ]).toEqual([
    { name: 'oidc:alice', groups: ['oidc:release'], via: 'oidc' },
    { name: 'token:alice', groups: ['token:release'], via: 'token' },
    { name: 'alice', groups: ['release'], via: 'kubernetes' },
  ]);
});

it('the API server sees no token of the issuer, not even one that is refused, and no static token', async () => {
  await access.authenticate(await issuer.logIn('alice'));
  await access.authenticate(await issuer.logIn('alice', 'another'));
  await access.authenticate(await issuer.sign({ iss: issuer.url, aud: 'windlass', sub: 'alice', exp: 1 }));
  await access.authenticate(staticToken);
  expect(apiServer.requests).toEqual([]);
});

it('a JWT of another issuer is for the API server, as those of ServiceAccounts are', async () => {
  const token = await issuer.sign({
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:a:b',
  });
  expect(await callerOf(token)).toMatchObject({ via: 'kubernetes' });
  expect(apiServer.requests.map(({ pathname }) => pathname)).toEqual([
    '/apis/authentication.k8s.io/v1/tokenreviews',
  ]);
});

it('one that is away leaves the others', async () => {
  await apiServer.close();
  expect(await callerOf(await issuer.logIn('alice'))).toMatchObject({ via: 'oidc' });
  expect(await callerOf(staticToken)).toMatchObject({ via: 'token' });
  await expect(access.authenticate('a-token-of-kubernetes')).rejects.toMatchObject({
    name: 'AccessUnavailable',
  });
});
