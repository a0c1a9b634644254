import { pino } from 'pino';
import { FreezeRefused, type KeptFreezeDesk } from '../../src/store/freeze-desk';
import { createKubernetesFreezeDesk } from '../../src/store/kubernetes/freeze-desk';
import { alice, asked, describeFreezeDesk } from '../contract/store/freeze-desk-contract';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  freezesPath,
  getSecrets,
  grant,
  installFreezeCrd,
  installPipelineCrd,
  pipelinesPath,
  readFreezes,
  readPipelines,
} from '../support/kube-objects';
import { openStore, type OpenStore } from './open-store';

/** What the chart grants api. */
const writeFreezes = { ...readFreezes, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] };

let server: KubeApiServer;
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await installFreezeCrd(server);
  await createNamespaces(server, 'apps', 'windlass');
  await grant(server, 'windlass', [readPipelines, writeFreezes, getSecrets]);
});
afterAll(() => server.close());

const log = pino({ level: 'silent' });
const deskOf = (
  { kubeConfig }: Pick<OpenStore, 'kubeConfig'>,
  options: Partial<Parameters<typeof createKubernetesFreezeDesk>[0]> = {},
) =>
  createKubernetesFreezeDesk({
    kubeConfig,
    watchNamespaces: [],
    ownNamespace: 'windlass',
    log,
    ...options,
  });
const mergePatch = 'application/merge-patch+json';

describeFreezeDesk('Freezes on an API server', async () => {
  const open = await openStore(server, { graceMs: 0, ownNamespace: 'windlass' });
  await eventually(() => open.store.ready());
  let passed = 0;
  const now = () => Date.now() + passed;
  const [desk, other] = [deskOf(open, { now }), deskOf(open, { now })];
  return {
    desk,
    other,
    store: open.store,
    put: (manifestYaml) => apply(server, manifestYaml),
    spoil: async ({ namespace, name }) => {
      const spec = { from: '2100-01-01T00:00:00Z', until: '2099-01-01T00:00:00Z' };
      await server.request('PATCH', freezesPath(namespace, name), { spec }, mergePatch);
    },
    pass: (ms) => {
      passed += ms;
    },
    breakDown: () => {
      open.way.shut();
      return Promise.resolve();
    },
    close: async () => {
      await Promise.all([desk.close(), other.close()]);
      await open.close();
      await server.request('DELETE', pipelinesPath('apps'));
      await server.request('DELETE', freezesPath('apps'));
    },
  };
});

describe('a Freeze on an API server', () => {
  let open: OpenStore;
  let desk: KeptFreezeDesk;
  beforeEach(async () => {
    open = await openStore(server, { graceMs: 0, ownNamespace: 'windlass' });
    desk = deskOf(open);
  });
  afterEach(async () => {
    await desk.close();
    await open.close();
    await grant(server, 'windlass', [readPipelines, writeFreezes, getSecrets]);
    await server.request('DELETE', freezesPath('apps'));
    await server.request('DELETE', freezesPath('windlass'));
  });

  it('says who made it, without the groups of that person', async () => {
    const { name } = await desk.freeze(asked(), alice);
    const { body } = await server.request('GET', freezesPath('apps', name));
    expect(body).toMatchObject({
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'windlass' },
        annotations: {
          'pipelines.weave.works/author-via': 'oidc',
          'pipelines.weave.works/request': asked().key,
        },
      },
      spec: { reason: 'Holidays', author: 'oidc:alice' },
    });
    expect(JSON.stringify(body)).not.toContain('release-managers');
  });

  it('that GitOps has taken over is not ours any more', async () => {
    const { name } = await desk.freeze(asked(), alice);
    const metadata = { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } };
    await server.request('PATCH', freezesPath('apps', name), { metadata }, mergePatch);
    expect(await desk.list()).toMatchObject([{ name, ours: false }]);
    expect(await desk.unfreeze({ namespace: 'apps', name }, alice)).toBe('not-ours');
  });

  it('is ended although something else writes to it meanwhile', async () => {
    const { name } = await desk.freeze(asked(), alice);
    const writes = Array.from({ length: 5 }, (_, index) =>
      server.request(
        'PATCH',
        freezesPath('apps', name),
        { metadata: { annotations: { note: `${index}` } } },
        mergePatch,
      ),
    );
    expect(await desk.unfreeze({ namespace: 'apps', name }, alice)).toBe('done');
    await Promise.all(writes);
    expect(await desk.list()).toMatchObject([{ name, endedBy: 'oidc:alice' }]);
  });

  it('holds all namespaces from its own one only', async () => {
    const everywhere = { allNamespaces: true } as const;
    await expect(desk.freeze(asked(everywhere), alice)).rejects.toThrow("in Windlass's own namespace");
    await desk.freeze(asked({ ...everywhere, namespace: 'windlass' }), alice);
    expect(await desk.list()).toMatchObject([{ namespace: 'windlass', allNamespaces: true }]);
  });

  it('is refused where no worker would read it', async () => {
    const narrow = deskOf(open, { watchNamespaces: ['apps'] });
    await expect(narrow.freeze(asked({ namespace: 'other' }), alice)).rejects.toThrow(FreezeRefused);
    await narrow.freeze(asked(), alice);
    await desk.freeze(asked({ namespace: 'windlass', id: 'own' }), alice);
    expect((await narrow.list()).map(({ namespace }) => namespace).sort()).toEqual(['apps', 'windlass']);
  });

  it('is refused in a namespace that does not exist', async () => {
    await expect(desk.freeze(asked({ namespace: 'missing' }), alice)).rejects.toThrow(
      new FreezeRefused('The namespace does not exist.'),
    );
  });

  it.each<readonly [string, readonly string[], (desk: KeptFreezeDesk) => Promise<unknown>]>([
    ['create', ['get', 'list', 'watch'], (one) => one.freeze(asked({ id: 'more' }), alice)],
    ['list', ['get', 'create'], (one) => one.list()],
    ['get', ['list'], (one) => one.unfreeze({ namespace: 'apps', name: 'windlass-000000000000' }, alice)],
  ])('without the permission to %s it: says what to grant', async (verb, verbs, act) => {
    await grant(server, 'windlass', [readPipelines, { ...readFreezes, verbs: [...verbs] }]);
    await eventually(() =>
      expect(act(desk)).rejects.toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining(
          `grant the ServiceAccount of api the permission to ${verb} freezes.pipelines.weave.works`,
        ),
      }),
    );
  });

  it('is refused by the policy of the cluster, in its words', async () => {
    await apply(server, admissionPolicy);
    try {
      await eventually(async () => {
        const attempt = desk.freeze(asked({ id: `${Math.random()}`, reason: 'forbidden' }), alice);
        await expect(attempt).rejects.toThrow('Reasons must say more');
        await expect(attempt).rejects.toThrow(FreezeRefused);
      });
    } finally {
      const policies = '/apis/admissionregistration.k8s.io/v1';
      await server.request('DELETE', `${policies}/validatingadmissionpolicybindings/reasons`);
      await server.request('DELETE', `${policies}/validatingadmissionpolicies/reasons`);
    }
  });
});

const admissionPolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: reasons }
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [pipelines.weave.works]
        apiVersions: [v1alpha1]
        operations: [CREATE]
        resources: [freezes]
  validations:
    - expression: object.spec.reason != 'forbidden'
      message: Reasons must say more
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: reasons }
spec: { policyName: reasons, validationActions: [Deny] }
`;
