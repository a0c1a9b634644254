import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  getSecrets,
  grant,
  installPipelineCrd,
  type KubeObject,
  objectsIn,
  pipelinesPath,
  readPipelines,
  tryApply,
} from '../support/kube-objects';
import { type OpenStore, openStore } from './open-store';

const fixture = (name: string) => readFile(path.join(__dirname, 'fixtures', `${name}.yaml`), 'utf8');

interface StoredPipeline extends KubeObject {
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** As pipeline-controller left it. */
const formerStatus = {
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'ReconciliationSucceeded',
      message: 'All clusters checked',
      lastTransitionTime: '2023-11-02T12:00:00Z',
    },
  ],
  environments: {
    dev: {
      waitingApproval: { revision: '' },
      targets: [
        {
          clusterAppRef: {
            apiVersion: 'helm.toolkit.fluxcd.io/v2beta1',
            kind: 'HelmRelease',
            name: 'podinfo',
            clusterRef: { kind: 'GitopsCluster', name: 'dev', namespace: 'flux-system' },
          },
          ready: false,
          revision: '6.0.0',
          error: 'not ready',
        },
      ],
    },
    prod: { waitingApproval: { revision: '6.0.0' } },
  },
};

const pipeline = (name: string, spec: Readonly<Record<string, unknown>> = {}) => ({
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Pipeline',
  metadata: { name, namespace: 'samples' },
  spec: {
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: [{ name: 'dev', targets: [{ namespace: 'shop' }] }],
    ...spec,
  },
});
const withPullRequest = (name: string, fields: Readonly<Record<string, unknown>>) =>
  pipeline(name, {
    promotion: {
      strategy: {
        'pull-request': {
          type: 'gitea',
          url: 'https://git.example.com/apps/fleet.git',
          secretRef: { name: 'credentials' },
          ...fields,
        },
      },
    },
  });

let server: KubeApiServer;
let samples: KubeObject[];
let oddities: KubeObject[];
let before: Map<string, StoredPipeline>;

/** While the API server loads a definition, it refuses to list for a moment. */
const stored = (): Promise<Map<string, StoredPipeline>> =>
  eventually(async () => {
    const { body } = await server.request('GET', pipelinesPath('samples'));
    const { items } = body as { items?: StoredPipeline[] };
    if (items === undefined) throw new Error(`The API server lists no Pipelines: ${JSON.stringify(body)}`);
    return new Map(items.map((item) => [item.metadata.name, item]));
  });
const get = async (name: string) =>
  (await server.request('GET', pipelinesPath('samples', name))).body as StoredPipeline;

beforeAll(async () => {
  server = await startKubeApiServer();
  await createNamespaces(server, 'samples');
  await installPipelineCrd(server, await fixture('pipeline-controller-crd'));
  samples = objectsIn(await fixture('pipeline-controller-samples'));
  oddities = objectsIn(await fixture('tolerated-oddities'));
  for (const object of [...samples, ...oddities]) await apply(server, JSON.stringify(object));
  const target = pipelinesPath('samples', 'podinfo-github');
  const patch = JSON.stringify({ status: formerStatus });
  await server.request('PATCH', `${target}/status`, patch, 'application/merge-patch+json');
  before = await stored();
  await installPipelineCrd(server);
  // The API server goes on serving the old schema for a moment.
  await eventually(async () => {
    const { status } = await tryApply(server, withPullRequest('probe', { branch: 'main' }));
    return status < 300;
  });
});
afterAll(() => server.close());

describe("the custom resource over pipeline-controller's", () => {
  it('finds every object as it was', async () => {
    const after = await stored();
    expect(before.size).toBe(samples.length + oddities.length);
    for (const [name, { spec, status }] of before) {
      expect({ name, spec: after.get(name)?.spec, status: after.get(name)?.status }).toEqual({
        name,
        spec,
        status,
      });
    }
    expect(after.get('podinfo-github')?.status).toEqual(formerStatus);
  });

  it('takes every manifest again, changed or not', async () => {
    for (const object of [...samples, ...oddities]) {
      const labelled = { ...object, metadata: { ...object.metadata, labels: { team: 'apps' } } };
      const answers = [(await tryApply(server, object)).status, (await tryApply(server, labelled)).status];
      expect({ name: object.metadata.name, answers }).toEqual({
        name: object.metadata.name,
        answers: [200, 200],
      });
    }
  });

  it('takes every manifest as a new object', async () => {
    await createNamespaces(server, 'fresh');
    for (const object of [...samples, ...oddities]) {
      const copy = { ...object, metadata: { ...object.metadata, namespace: 'fresh' } };
      expect({ name: copy.metadata.name, status: (await tryApply(server, copy)).status }).toEqual({
        name: copy.metadata.name,
        status: 201,
      });
    }
  });
});

describe('a store over the former objects', () => {
  let open: OpenStore;
  beforeAll(async () => {
    await grant(server, 'windlass', [readPipelines, getSecrets]);
    open = await openStore(server);
    await eventually(() => open.store.ready());
  });
  afterAll(() => open.close());

  const read = async (objects: readonly KubeObject[]) =>
    Promise.all(
      objects.map(({ metadata }) => open.store.pipeline({ namespace: 'samples', name: metadata.name })),
    );

  it('reads those that make sense', async () => {
    expect(await read(samples)).toEqual(
      samples.map(({ metadata }) => expect.objectContaining({ name: metadata.name }) as unknown),
    );
    expect(await open.store.pipeline({ namespace: 'samples', name: 'remote-clusters' })).toMatchObject({
      environments: [
        { name: 'dev', targets: [{ namespace: 'podinfo-02-dev', cluster: 'flux-system/dev' }] },
        { name: 'prod', promotion: { manual: true, hmacSecretName: 'pipeline-prod' } },
      ],
      promotion: { strategy: { kind: 'notification' }, hmacSecretName: 'pipeline-dev' },
    });
  });

  it('knows those that make none for what they are', async () => {
    for (const object of oddities) {
      await expect(read([object])).rejects.toMatchObject({ code: 'invalid-pipeline' });
    }
  });
});

describe('a new field', () => {
  it.each([
    ['branch', withPullRequest('branch', { branch: 'main' })],
    ['neither branch nor baseBranch', withPullRequest('no-branch', {})],
    ['two branches that disagree', withPullRequest('branches', { branch: 'main', baseBranch: 'master' })],
    ['apiUrl', withPullRequest('api-url', { apiUrl: 'https://git.example.com/api/v1' })],
    ['suspend', pipeline('suspended', { suspend: true })],
    [
      'suspend of an environment',
      pipeline('suspended-into', { environments: [{ name: 'dev', targets: [], suspend: true }] }),
    ],
    ['windows', pipeline('windows', { gates: { windows: [{ schedule: '0 9 * * 1-5', duration: '8h' }] } })],
    [
      'windows of an environment',
      pipeline('windows-into', { environments: [{ name: 'dev', targets: [], gates: { windows: [] } }] }),
    ],
    ['approvals', pipeline('approvals', { gates: { approvals: { required: 2, users: ['a', 'b'] } } })],
    ['a soak time', pipeline('soak', { gates: { soak: '30m' } })],
  ])('is kept as written: %s', async (_, object) => {
    expect((await tryApply(server, object)).status).toBe(201);
    expect((await get(object.metadata.name)).spec).toEqual(object.spec);
  });

  it.each([
    ['apiUrl over plain http', withPullRequest('wrong', { apiUrl: 'http://git.example.com' }), 'apiUrl'],
    ['apiUrl with credentials', withPullRequest('wrong', { apiUrl: 'https://a:b@example.com' }), 'apiUrl'],
    [
      'a window every second',
      pipeline('wrong', { gates: { windows: [{ schedule: '* * * * * *', duration: '8h' }] } }),
      'spec.gates.windows[0].schedule',
    ],
    [
      'more than 20 windows',
      pipeline('wrong', {
        gates: { windows: Array.from({ length: 21 }, () => ({ schedule: '0 9 * * *', duration: '8h' })) },
      }),
      'spec.gates.windows',
    ],
    [
      'no approval at all',
      pipeline('wrong', { gates: { approvals: { required: 0 } } }),
      'spec.gates.approvals.required',
    ],
    ['a soak time in days', pipeline('wrong', { gates: { soak: '1d' } }), 'spec.gates.soak'],
    ['suspend that is a text', pipeline('wrong', { suspend: 'yes' }), 'spec.suspend'],
  ])('is rejected when it is invalid: %s', async (_, object, field) => {
    const { status, body } = await tryApply(server, object);
    expect(status).toBeGreaterThanOrEqual(400);
    expect((body as { message: string }).message).toContain(field);
  });
});

describe('the status', () => {
  const fullStatus = {
    observedGeneration: 1,
    lastHandledReconcileAt: '2026-11-23T12:00:00Z',
    conditions: ['Ready', 'Reconciling', 'Stalled'].map((type) => ({
      type,
      status: 'False',
      reason: 'InvalidPipeline',
      message: 'spec.environments[1].name is also the name of an earlier environment.',
      observedGeneration: 1,
      lastTransitionTime: '2026-11-23T12:00:00Z',
    })),
    environments: {
      dev: {
        waitingApproval: { revision: '1.2.3' },
        lastPromotion: {
          version: '1.2.3',
          state: 'failed',
          reason: 'no-marker',
          message: 'There is no marker.',
          pullRequestUrl: 'https://git.example.com/apps/fleet/pulls/1',
          workflowId: 'promotion/samples/status/dev/1.2.3/0123456789ab',
          startedAt: '2026-11-23T12:00:00Z',
          finishedAt: '2026-11-23T12:00:05Z',
        },
      },
    },
  };

  it('of a new Pipeline says that nobody has looked at it yet', async () => {
    await tryApply(server, pipeline('new'));
    expect((await get('new')).status).toEqual({ observedGeneration: -1 });
  });

  it('is written apart from the spec, and comes back whole', async () => {
    await tryApply(server, pipeline('status'));
    const { apiVersion, kind, metadata } = pipeline('status');
    const answer = await server.request(
      'PATCH',
      `${pipelinesPath('samples', 'status')}/status?fieldManager=windlass&fieldValidation=Strict`,
      { apiVersion, kind, metadata, status: fullStatus },
      'application/apply-patch+yaml',
    );
    expect(answer).toMatchObject({ status: 200 });
    expect(await get('status')).toMatchObject({ spec: pipeline('status').spec, status: fullStatus });
  });
});
