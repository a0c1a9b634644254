import { pino } from 'pino';
import { type Authorizer } from '../../src/access/access';
import { accessReviewAuthorizer } from '../../src/access/kubernetes/access-review-authorizer';
import { type Verb, verbs } from '../../src/domain/people/rights';
import { createKubernetesStore } from '../../src/store/kubernetes/kubernetes-store';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  freezesPath,
  installFreezeCrd,
  installPipelineCrd,
  objectsIn,
  pipelinesPath,
} from '../support/kube-objects';
import { leastValues, render, type RenderOptions, type Values } from './helm';
import { type Manifest } from './manifests';
import { asServiceAccount, type Caller } from './service-account';

const home = 'windlass-system';
let server: KubeApiServer;

beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await installFreezeCrd(server);
  await createNamespaces(server, home, 'apps', 'more-apps', 'other');
  for (const namespace of ['apps', 'other']) {
    await apply(
      server,
      `{ apiVersion: v1, kind: Secret, metadata: { name: keys, namespace: ${namespace} } }`,
    );
    await apply(server, pipelineIn(namespace));
  }
});

afterAll(() => server.close());

const pipelineIn = (namespace: string) => `
  apiVersion: pipelines.weave.works/v1alpha1
  kind: Pipeline
  metadata: { name: my-app, namespace: ${namespace} }
  spec:
    appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: my-app }
    environments:
      - { name: dev, targets: [{ namespace: my-app-dev }] }
`;

async function install(values: Values, options: RenderOptions = {}): Promise<readonly Manifest[]> {
  const { manifests, yaml } = await render(values, { namespace: home, ...options });
  await apply(server, yaml);
  return manifests;
}

/** What the program does, and what it must not be able to do: method, path, body, content type. */
type Attempt = readonly [method: string, path: string, body?: unknown, contentType?: string];

const applyPatch = 'application/apply-patch+yaml';
const pipelines = pipelinesPath('apps');
const statusOf = (path: string, state: string): Attempt => [
  'PATCH',
  `${path}/my-app/status?fieldManager=windlass&force=true`,
  {
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    status: {
      conditions: [
        {
          type: 'Ready',
          status: state,
          reason: 'Tested',
          message: 'tested',
          lastTransitionTime: '2026-11-23T12:00:00Z',
        },
      ],
    },
  },
  applyPatch,
];
const eventsPath = '/apis/events.k8s.io/v1/namespaces/apps/events';
const event = (name: string) => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name, namespace: 'apps' },
  eventTime: '2026-11-23T12:00:00.000000Z',
  reportingController: 'windlass',
  reportingInstance: 'worker-0',
  action: 'Promote',
  reason: 'Promoted',
  type: 'Normal',
  regarding: {
    apiVersion: 'pipelines.weave.works/v1alpha1',
    kind: 'Pipeline',
    name: 'my-app',
    namespace: 'apps',
  },
});

const reading: Record<string, Attempt> = {
  'list Pipelines of all namespaces': ['GET', '/apis/pipelines.weave.works/v1alpha1/pipelines'],
  'watch Pipelines of all namespaces': [
    'GET',
    '/apis/pipelines.weave.works/v1alpha1/pipelines?watch=true&timeoutSeconds=1',
  ],
  'read a Secret': ['GET', '/api/v1/namespaces/apps/secrets/keys'],
};

const readingFreezes: Record<string, Attempt> = {
  'list Freezes of all namespaces': ['GET', '/apis/pipelines.weave.works/v1alpha1/freezes'],
  'watch Freezes of all namespaces': [
    'GET',
    '/apis/pipelines.weave.works/v1alpha1/freezes?watch=true&timeoutSeconds=1',
  ],
};

const writingFreezes: Record<string, Attempt> = {
  'read a Freeze': ['GET', freezesPath('apps', 'missing')],
  'make a Freeze': [
    'POST',
    freezesPath('apps'),
    {
      apiVersion: 'pipelines.weave.works/v1alpha1',
      kind: 'Freeze',
      metadata: { name: 'made' },
      spec: { reason: 'Fair', until: '2020-01-01T00:00:00Z' },
    },
  ],
  'end a Freeze': [
    'PATCH',
    freezesPath('apps', 'made'),
    { spec: { until: '2021-01-01T00:00:00Z' } },
    'application/merge-patch+json',
  ],
  'delete a Freeze': ['DELETE', freezesPath('apps', 'made')],
};

const writing: Record<string, Attempt> = {
  "write a Pipeline's status": statusOf(pipelines, 'True'),
  'make an Event': ['POST', eventsPath, event('made')],
  'find an Event again': ['GET', `${eventsPath}/given`],
  'count an Event on': [
    'PATCH',
    `${eventsPath}/given`,
    { series: { count: 2, lastObservedTime: '2026-11-23T12:01:00.000000Z' } },
    'application/merge-patch+json',
  ],
};

const never: Record<string, Attempt> = {
  'list Secrets': ['GET', '/api/v1/namespaces/apps/secrets'],
  'watch Secrets': ['GET', '/api/v1/secrets?watch=true&timeoutSeconds=1'],
  'make a Secret': ['POST', '/api/v1/namespaces/apps/secrets', { metadata: { name: 'new' } }],
  'change a Secret': ['PATCH', '/api/v1/namespaces/apps/secrets/keys', {}, 'application/merge-patch+json'],
  'delete a Secret': ['DELETE', '/api/v1/namespaces/apps/secrets/keys'],
  'change a Pipeline': ['PATCH', `${pipelines}/my-app`, {}, 'application/merge-patch+json'],
  'delete a Pipeline': ['DELETE', `${pipelines}/my-app`],
  'make a Pipeline': ['POST', pipelines, objectsIn(pipelineIn('apps'))[0]],
  'replace a Freeze': ['PUT', freezesPath('apps', 'made'), { metadata: { name: 'made' }, spec: {} }],
  'delete all Freezes': ['DELETE', freezesPath('apps')],
  'replace a status': ['PUT', `${pipelines}/my-app/status`, objectsIn(pipelineIn('apps'))[0]],
  'read Events': ['GET', eventsPath],
  'read ConfigMaps': ['GET', '/api/v1/namespaces/apps/configmaps'],
  'read Pods': ['GET', '/api/v1/pods'],
  'read HelmReleases': ['GET', '/apis/helm.toolkit.fluxcd.io/v2/helmreleases'],
  'get a token of its own ServiceAccount': [
    'POST',
    `/api/v1/namespaces/${home}/serviceaccounts/windlass-worker/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  ],
  'grant rights': [
    'POST',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    {
      metadata: { name: 'more' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    },
  ],
};

const names = (attempts: Record<string, Attempt>) => Object.keys(attempts);

async function outcomes(caller: Caller, attempts: Record<string, Attempt>): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const [name, attempt] of Object.entries(attempts)) statuses[name] = await caller.send(...attempt);
  return statuses;
}

/** Which attempts were forbidden. */
const forbidden = (statuses: Record<string, number>) =>
  names(statuses as never).filter((name) => statuses[name] === 403);
const failed = (statuses: Record<string, number>) =>
  Object.entries(statuses).filter(([, status]) => status >= 300);

/** The store itself, as that ServiceAccount: it reads the Pipeline, then a Secret. */
async function expectStoreToWork({ kubeConfig }: Caller, watchNamespaces: readonly string[]): Promise<void> {
  const log = pino({ level: 'silent' });
  const store = createKubernetesStore({ kubeConfig, watchNamespaces, ownNamespace: home, log });
  try {
    await eventually(() => store.ready());
    await expect(store.pipeline({ namespace: 'apps', name: 'my-app' })).resolves.toBeDefined();
    await expect(store.secret('apps', 'keys')).resolves.toBeDefined();
    await eventually(async () => expect(await store.freezes('apps')).toEqual([]));
  } finally {
    await store.close();
  }
}

describe('rights in all namespaces', () => {
  let api: Caller;
  let worker: Caller;
  beforeAll(async () => {
    await install(leastValues);
    await apply(server, JSON.stringify(event('given')));
    api = await asServiceAccount(server, home, 'windlass-api');
    worker = await asServiceAccount(server, home, 'windlass-worker');
  });
  afterAll(async () => {
    await api.close();
    await worker.close();
  });

  it('let both read Pipelines and Secrets', async () => {
    expect(failed(await outcomes(api, reading))).toEqual([]);
    expect(failed(await outcomes(worker, reading))).toEqual([]);
  });

  it("are enough for the program's store", async () => {
    await expectStoreToWork(api, []);
    await expectStoreToWork(worker, []);
  });

  it('let both read Freezes', async () => {
    expect(failed(await outcomes(worker, readingFreezes))).toEqual([]);
    expect(failed(await outcomes(api, readingFreezes))).toEqual([]);
  });

  it('let api alone make, end and delete Freezes', async () => {
    const { 'read a Freeze': _, ...changing } = writingFreezes;
    expect(forbidden(await outcomes(worker, changing))).toEqual(names(changing));
    expect(failed(await outcomes(api, writingFreezes))).toEqual([['read a Freeze', 404]]);
  });

  it('let the worker alone write status and Events', async () => {
    expect(failed(await outcomes(worker, writing))).toEqual([]);
    expect(forbidden(await outcomes(api, writing))).toEqual(names(writing));
  });

  it('let neither do anything else', async () => {
    expect(forbidden(await outcomes(api, never))).toEqual(names(never));
    expect(forbidden(await outcomes(worker, never))).toEqual(names(never));
  });
});

describe('rights in some namespaces', () => {
  let api: Caller;
  let worker: Caller;
  beforeAll(async () => {
    await install({ ...leastValues, watchNamespaces: ['apps', 'more-apps'] }, { release: 'narrow-windlass' });
    await apply(server, JSON.stringify(event('given')));
    api = await asServiceAccount(server, home, 'narrow-windlass-api');
    worker = await asServiceAccount(server, home, 'narrow-windlass-worker');
  });
  afterAll(async () => {
    await api.close();
    await worker.close();
  });

  it('let api make freezes there and in its own namespace', async () => {
    const name = 'windlass-0123456789ab';
    const freeze = { metadata: { name }, spec: { reason: 'Fair', until: '2020-01-01T00:00:00Z' } };
    const object = { apiVersion: 'pipelines.weave.works/v1alpha1', kind: 'Freeze', ...freeze };
    const there: Record<string, Attempt> = {
      'make one': ['POST', freezesPath('apps'), object],
      'delete it': ['DELETE', freezesPath('apps', name)],
      'make one at home': ['POST', freezesPath(home), object],
      'delete it at home': ['DELETE', freezesPath(home, name)],
    };
    expect(failed(await outcomes(api, there))).toEqual([]);
    const elsewhere: Record<string, Attempt> = { 'make one': ['POST', freezesPath('other'), object] };
    expect(forbidden(await outcomes(api, elsewhere))).toEqual(names(elsewhere));
  });

  it('are whole there', async () => {
    const there: Record<string, Attempt> = {
      'list Pipelines': ['GET', pipelines],
      'watch Pipelines': ['GET', `${pipelines}?watch=true&timeoutSeconds=1`],
      'list Freezes': ['GET', freezesPath('apps')],
      "list Freezes of Windlass's own": ['GET', freezesPath(home)],
      "watch Freezes of Windlass's own": ['GET', `${freezesPath(home)}?watch=true&timeoutSeconds=1`],
      'list Pipelines of another one': ['GET', pipelinesPath('more-apps')],
      'read a Secret': ['GET', '/api/v1/namespaces/apps/secrets/keys'],
      "write a Pipeline's status": statusOf(pipelines, 'False'),
    };
    expect(failed(await outcomes(worker, there))).toEqual([]);
  });

  it("are enough for the program's store", async () => {
    await expectStoreToWork(worker, ['apps', 'more-apps']);
    await expectStoreToWork(api, ['apps', 'more-apps']);
  });

  it('are none elsewhere, home included but for its Freezes', async () => {
    const elsewhere: Record<string, Attempt> = {
      'list Pipelines of all namespaces': ['GET', '/apis/pipelines.weave.works/v1alpha1/pipelines'],
      'list Pipelines': ['GET', pipelinesPath('other')],
      'list Freezes': ['GET', freezesPath('other')],
      'list Freezes of all namespaces': ['GET', '/apis/pipelines.weave.works/v1alpha1/freezes'],
      'list Pipelines at home': ['GET', pipelinesPath(home)],
      'read a Secret': ['GET', '/api/v1/namespaces/other/secrets/keys'],
      'read a Secret at home': ['GET', `/api/v1/namespaces/${home}/secrets/temporal-connection`],
      "write a Pipeline's status": statusOf(pipelinesPath('other'), 'False'),
      'make an Event': ['POST', eventsPath.replace('apps', 'other'), event('elsewhere')],
    };
    expect(forbidden(await outcomes(worker, elsewhere))).toEqual(names(elsewhere));
  });
});

describe('reviews for the API', () => {
  const reviews: Record<string, Attempt> = {
    'ask whose a token is': [
      'POST',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'any' } },
    ],
    'ask what a user may do': [
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'any', resourceAttributes: { verb: 'get', resource: 'pods' } },
      },
    ],
  };

  it('are allowed for api alone, also if it reads some namespaces only', async () => {
    for (const [values, release] of [
      [leastValues, 'windlass'],
      [{ ...leastValues, watchNamespaces: ['apps'] }, 'narrow-windlass'],
    ] as const) {
      await install(values, { release });
      const api = await asServiceAccount(server, home, `${release}-api`);
      const worker = await asServiceAccount(server, home, `${release}-worker`);
      expect(failed(await outcomes(api, reviews))).toEqual([]);
      expect(forbidden(await outcomes(worker, reviews))).toEqual(names(reviews));
      await Promise.all([api.close(), worker.close()]);
    }
  });

  it.each<readonly [what: string, rbac: Values, made: boolean]>([
    ['by default', {}, true],
    ['without reviews', { reviews: false }, false],
    ['without any permissions', { create: false }, false],
  ])('are granted %s: %s', async (_what, rbac, made) => {
    const { manifests } = await render({ ...leastValues, rbac });
    const granted = manifests.filter(({ metadata }) => metadata.name.endsWith('-reviews'));
    expect(granted.map(({ kind }) => kind)).toEqual(made ? ['ClusterRole', 'ClusterRoleBinding'] : []);
  });
});

describe('roles for the API', () => {
  const log = pino({ level: 'silent' });
  const all = Object.keys(verbs) as Verb[];
  const operating: readonly Verb[] = ['get', 'promote', 'approve', 'rollback', 'freeze'];
  let api: Caller;
  let access: Authorizer;
  beforeAll(async () => {
    await install(leastValues);
    api = await asServiceAccount(server, home, 'windlass-api');
    access = accessReviewAuthorizer({ kubeConfig: api.kubeConfig, log });
    for (const role of ['viewer', 'editor', 'operate', 'break-glass']) {
      for (const [kind, namespace] of [
        ['RoleBinding', 'apps'],
        ['ClusterRoleBinding', undefined],
      ] as const) {
        const name = `${kind === 'RoleBinding' ? 'own' : 'all'}-${role}`;
        const binding = {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind,
          metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `windlass-${role}` },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: `oidc:${name}` }],
        };
        await apply(server, JSON.stringify(binding));
      }
    }
  });
  afterAll(() => api.close());

  it.each<readonly [role: string, allowed: readonly Verb[]]>([
    ['viewer', ['get']],
    ['editor', ['get']],
    ['operate', operating],
    ['break-glass', ['get', 'break-glass']],
    ['unbound', []],
  ])('%s allows %j, where it is bound', async (role, expected) => {
    const places = { own: { namespace: 'apps' }, other: { namespace: 'other' }, everywhere: {} };
    for (const scope of ['own', 'all']) {
      const caller = { name: 'oidc:alice', groups: [`oidc:${scope}-${role}`], via: 'oidc' } as const;
      const allowed: Record<string, Verb[]> = {};
      for (const [name, place] of Object.entries(places)) {
        const answers = await Promise.all(all.map((verb) => access.allows(caller, verb, place)));
        allowed[name] = all.filter((_, index) => answers[index]);
      }
      const elsewhere = scope === 'all' ? expected : [];
      expect(allowed).toEqual({ own: expected, other: elsewhere, everywhere: elsewhere });
    }
  });
});

describe('roles for people', () => {
  const editing = ['create', 'update', 'patch', 'delete'];
  const viewing = ['get', 'list', 'watch'];
  const mayOf = async (user: string, verb: string, resource: string, subresource = '') => {
    const { body } = await server.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user,
        resourceAttributes: {
          namespace: 'apps',
          verb,
          group: 'pipelines.weave.works',
          resource,
          subresource,
        },
      },
    });
    return (body as { status: { allowed: boolean } }).status.allowed;
  };
  let manifests: readonly Manifest[];
  beforeAll(async () => {
    manifests = await install(leastValues);
    for (const role of ['viewer', 'editor']) {
      const binding = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: role, namespace: 'apps' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `windlass-${role}` },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: role }],
      };
      await apply(server, JSON.stringify(binding));
    }
  });

  it.each(viewing)('let viewers and editors %s Pipelines and Freezes', async (verb) => {
    for (const resource of ['pipelines', 'freezes']) {
      expect(await mayOf('viewer', verb, resource)).toBe(true);
      expect(await mayOf('editor', verb, resource)).toBe(true);
    }
  });

  it.each(editing)('let editors alone %s Pipelines and Freezes', async (verb) => {
    for (const resource of ['pipelines', 'freezes']) {
      expect(await mayOf('viewer', verb, resource)).toBe(false);
      expect(await mayOf('editor', verb, resource)).toBe(true);
    }
  });

  it('let nobody write the status', async () => {
    expect(await mayOf('editor', 'patch', 'pipelines', 'status')).toBe(false);
    expect(await mayOf('editor', 'get', 'pipelines', 'status')).toBe(true);
  });

  it("are added to the cluster's own view, edit and admin, but for breaking glass", () => {
    const labels = manifests
      .filter(
        ({ kind, metadata }) =>
          kind === 'ClusterRole' && /-(viewer|editor|operate|break-glass)$/.test(metadata.name),
      )
      .map(({ metadata }): [string, string[]] => [
        metadata.name,
        Object.keys(metadata.labels).filter((label) => label.includes('/aggregate-to-')),
      ]);
    expect(Object.fromEntries(labels)).toEqual({
      'windlass-break-glass': [],
      'windlass-operate': ['rbac.authorization.k8s.io/aggregate-to-admin'],
      'windlass-editor': ['rbac.authorization.k8s.io/aggregate-to-edit'],
      'windlass-viewer': ['rbac.authorization.k8s.io/aggregate-to-view'],
    });
  });
});
