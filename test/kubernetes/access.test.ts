import { pino } from 'pino';
import { KubeConfig } from '@kubernetes/client-node';
import { type Caller } from '../../src/access/access';
import { allowedNamespaces } from '../../src/access/allowed-namespaces';
import { createAccess } from '../../src/access/create-access';
import { accessReviewAuthorizer } from '../../src/access/kubernetes/access-review-authorizer';
import { tokenReviewAuthenticator } from '../../src/access/kubernetes/token-review-authenticator';
import { type Place, type Verb, verbs } from '../../src/domain/people/rights';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import { apply, createNamespaces, grant, installPipelineCrd } from '../support/kube-objects';
import { serviceAccountToken } from '../support/service-account-token';

const allVerbs = Object.keys(verbs) as Verb[];

let server: KubeApiServer;
let kubeConfig: KubeConfig;
let logged: string[];
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'own', 'other');
  for (const name of ['robot', 'stranger']) {
    await apply(
      server,
      `{ apiVersion: v1, kind: ServiceAccount, metadata: { name: ${name}, namespace: own } }`,
    );
  }
  // What the chart grants to `api`.
  await grant(server, 'windlass', [
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ]);
  for (const verb of allVerbs) {
    await apply(server, role(verb, [verb]));
    await apply(server, binding(verb, 'own', { kind: 'User', name: `user-${verb}` }));
    await apply(server, binding(verb, undefined, { kind: 'Group', name: `oidc:${verb}-everywhere` }));
  }
  await apply(server, role('one', allVerbs, ['cart']));
  await apply(server, binding('one', 'own', { kind: 'User', name: 'token:one' }));
  await apply(
    server,
    binding('approve', 'own', { kind: 'ServiceAccount', name: 'robot', namespace: 'own' }, 'robot'),
  );
  kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeconfig('windlass'));
});
afterAll(() => server.close());
beforeEach(() => {
  logged = [];
});

const role = (name: string, roleVerbs: readonly string[], resourceNames?: readonly string[]) =>
  JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `test-${name}` },
    rules: [
      {
        apiGroups: ['pipelines.weave.works'],
        resources: ['pipelines'],
        verbs: roleVerbs,
        ...(resourceNames === undefined ? {} : { resourceNames }),
      },
    ],
  });

function binding(
  roleName: string,
  namespace: string | undefined,
  subject: { readonly kind: string; readonly name: string; readonly namespace?: string },
  name = roleName,
) {
  const apiGroup = 'rbac.authorization.k8s.io';
  return JSON.stringify({
    apiVersion: `${apiGroup}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `test-${name}`, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup, kind: 'ClusterRole', name: `test-${roleName}` },
    subjects: [{ ...subject, ...(subject.kind === 'ServiceAccount' ? {} : { apiGroup }) }],
  });
}

function open(audiences: readonly string[] = []) {
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  return createAccess({
    authenticators: [tokenReviewAuthenticator({ kubeConfig, audiences, log })],
    authorizer: accessReviewAuthorizer({ kubeConfig, log }),
  });
}

const user = (name: string, ...groups: string[]): Caller => ({ name, groups, via: 'kubernetes' });

describe.each(allVerbs)('the verb %s', (verb) => {
  const places: readonly Place[] = [
    { namespace: 'own' },
    { namespace: 'own', name: 'cart' },
    { namespace: 'other' },
    { namespace: 'other', name: 'cart' },
    {},
  ];
  const allowedTo = async (caller: Caller) => {
    const access = open();
    const found: Record<string, readonly Place[]> = {};
    for (const each of allVerbs) {
      const answers = await Promise.all(places.map((place) => access.allows(caller, each, place)));
      const allowed = places.filter((_, index) => answers[index]);
      if (allowed.length > 0) found[each] = allowed;
    }
    return found;
  };

  it('in a RoleBinding counts in its namespace, and gives no other verb', async () => {
    expect(await allowedTo(user(`user-${verb}`))).toEqual({
      [verb]: [{ namespace: 'own' }, { namespace: 'own', name: 'cart' }],
    });
  });

  it('in a ClusterRoleBinding counts everywhere, also for a group of an OpenID Connect issuer', async () => {
    const caller: Caller = { name: 'oidc:alice', groups: [`oidc:${verb}-everywhere`], via: 'oidc' };
    expect(await allowedTo(caller)).toEqual({ [verb]: places });
  });

  it('for one Pipeline counts for no other one', async () => {
    const access = open();
    const one: Caller = { name: 'token:one', groups: [], via: 'token' };
    expect(await access.allows(one, verb, { namespace: 'own', name: 'cart' })).toBe(true);
    expect(await access.allows(one, verb, { namespace: 'own', name: 'checkout' })).toBe(false);
    expect(await access.allows(one, verb, { namespace: 'own' })).toBe(false);
    expect(await access.allows(one, verb, { namespace: 'other', name: 'cart' })).toBe(false);
  });

  it('is not given by a group or name without its prefix', async () => {
    const access = open();
    expect(await access.allows(user('alice', `${verb}-everywhere`), verb, {})).toBe(false);
    expect(await access.allows(user('one'), verb, { namespace: 'own', name: 'cart' })).toBe(false);
  });
});

it('a list shows the namespaces in which the caller may get Pipelines', async () => {
  const access = open();
  const asked = ['own', 'other'];
  expect(await allowedNamespaces(access, user('user-get'), 'get', asked)).toEqual(new Set(['own']));
  expect(await allowedNamespaces(access, user('x', 'oidc:get-everywhere'), 'get', asked)).toEqual(
    new Set(asked),
  );
  expect(await allowedNamespaces(access, user('x', 'system:masters'), 'get', asked)).toEqual(new Set(asked));
  expect(await allowedNamespaces(access, user('x'), 'get', asked)).toEqual(new Set());
});

it('a ServiceAccount is known by its token, with its own rights', async () => {
  const access = open();
  const authentication = await access.authenticate(await serviceAccountToken(server, 'own', 'robot'));
  expect(authentication).toMatchObject({
    known: true,
    caller: {
      name: 'system:serviceaccount:own:robot',
      groups: expect.arrayContaining(['system:serviceaccounts:own', 'system:authenticated']) as string[],
      via: 'kubernetes',
    },
  });
  const robot = authentication.known ? authentication.caller : user('');
  expect(await access.allows(robot, 'approve', { namespace: 'own' })).toBe(true);
  expect(await access.allows(robot, 'approve', { namespace: 'other' })).toBe(false);
  expect(await access.allows(robot, 'get', { namespace: 'own' })).toBe(false);
});

it('a ServiceAccount that no one gave rights has none', async () => {
  const access = open();
  const authentication = await access.authenticate(await serviceAccountToken(server, 'own', 'stranger'));
  const stranger = authentication.known ? authentication.caller : user('');
  expect(stranger.name).toBe('system:serviceaccount:own:stranger');
  for (const verb of allVerbs) expect(await access.allows(stranger, verb, { namespace: 'own' })).toBe(false);
});

it('with audiences, only a token that was made for one of them counts', async () => {
  const access = open(['windlass']);
  const forWindlass = await serviceAccountToken(server, 'own', 'robot', ['windlass']);
  expect(await access.authenticate(forWindlass)).toMatchObject({ known: true });
  const forAll = await serviceAccountToken(server, 'own', 'robot');
  expect(await access.authenticate(forAll)).toMatchObject({ known: false });
  expect(await open().authenticate(forWindlass)).toMatchObject({ known: false });
});

it('a token that the API server does not know is refused', async () => {
  expect(await open().authenticate('a-token-that-no-one-made')).toMatchObject({
    known: false,
    fault: expect.stringContaining('The token is not known here') as string,
  });
});

describe('while the API server is away', () => {
  let token: string;
  beforeAll(async () => {
    token = await serviceAccountToken(server, 'own', 'robot');
    await server.stop();
  });
  afterAll(() => server.start());

  it('no one is known, and nothing is allowed', async () => {
    const access = open();
    await expect(access.authenticate(token)).rejects.toMatchObject({ name: 'AccessUnavailable' });
    await expect(access.allows(user('x', 'system:masters'), 'get', {})).rejects.toMatchObject({
      name: 'AccessUnavailable',
    });
    expect(logged).toHaveLength(2);
    expect(logged.join()).toContain('ECONNREFUSED');
    expect(logged.join()).not.toContain(token.slice(0, 12));
  });
});
