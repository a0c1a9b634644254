import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allInOneValues, leastValues, lint, render, type Values } from './helm';
import {
  component,
  environmentOf,
  find,
  flagsOf,
  type Manifest,
  serviceSpec,
  type Workload,
  workloads,
} from './manifests';
import { configOf } from './program';
import { everything } from './values-with-everything';

const setups: [string, Values, readonly string[]][] = [
  ['the least values', leastValues, []],
  ['every value set', everything, []],
  ['values-all-in-one.yaml', {}, [allInOneValues]],
];

describe.each(setups)('with %s', (_name, values, valuesFiles) => {
  let manifests: readonly Manifest[];
  let programs: Workload[];
  beforeAll(async () => {
    ({ manifests } = await render(values, { valuesFiles }));
    programs = workloads(manifests);
  });

  it('helm lint finds nothing', async () => {
    await expect(lint(values, valuesFiles)).resolves.toContain('0 chart(s) failed');
  });

  it('every container is without privileges and writes to volumes alone', () => {
    const containers = programs.flatMap(({ spec: { template } }) => [
      ...(template.spec.initContainers ?? []),
      ...template.spec.containers,
    ]);
    expect(containers.length).toBeGreaterThan(0);
    for (const { securityContext } of containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('every Pod runs as an ordinary user under the seccomp profile of its runtime', () => {
    for (const { spec } of programs) {
      expect(spec.template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  it('/tmp can be written to, and /data where repositories are kept', () => {
    for (const { metadata, spec } of programs) {
      const writable = spec.template.spec.containers[0].volumeMounts
        .filter(({ readOnly }) => readOnly !== true)
        .map(({ mountPath }) => mountPath);
      const isApi = metadata.labels['app.kubernetes.io/component'] === 'api';
      expect(writable).toEqual(isApi ? ['/tmp'] : ['/tmp', '/data']);
    }
  });

  it('every mount has its volume, and every volume is mounted', () => {
    for (const { kind, spec } of programs) {
      const { volumes, containers, initContainers = [] } = spec.template.spec;
      const claimed = kind === 'StatefulSet' ? ['data'] : [];
      const mounted = [...containers, ...initContainers].flatMap(({ volumeMounts }) =>
        volumeMounts.map(({ name }) => name),
      );
      expect(new Set(mounted)).toEqual(new Set([...volumes.map(({ name }) => name), ...claimed]));
    }
  });

  it('the program takes its flags', () => {
    for (const program of programs) expect(configOf(program).dataDir).toBe('/data');
  });

  it('the kubelet asks for health where the program serves it', () => {
    const get = (probePath: string) => ({ httpGet: { path: probePath, port: 'health' } });
    for (const { spec } of programs) {
      const { ports, ...probes } = spec.template.spec.containers[0];
      expect(ports).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'health', containerPort: 8081 }),
          expect.objectContaining({ name: 'metrics', containerPort: 8080 }),
        ]),
      );
      expect(probes).toMatchObject({
        startupProbe: get('/healthz'),
        livenessProbe: get('/healthz'),
        readinessProbe: get('/readyz'),
      });
    }
  });

  it('the Service reaches the Pods that serve the webhook, and no others', () => {
    const { selector, ports } = serviceSpec(manifests, 'windlass-promotion');
    const reached = programs.filter(({ spec }) =>
      Object.entries(selector).every(([key, value]) => spec.template.metadata.labels[key] === value),
    );
    expect(reached).toHaveLength(1);
    expect(reached[0]!.spec.template.spec.containers[0].ports).toContainEqual(
      expect.objectContaining({ name: ports[0]!.targetPort, containerPort: 8082 }),
    );
  });

  it('workloads select their own Pods alone', () => {
    const selectors = programs.map(({ spec }) => JSON.stringify(spec.selector.matchLabels));
    expect(new Set(selectors).size).toBe(programs.length);
    for (const { spec } of programs) {
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    }
  });

  it('a Pod is given longer to stop than a worker lets attempts go on', () => {
    const source = readFileSync(path.join(__dirname, '../../src/worker/start-worker.ts'), 'utf8');
    const forceMs = Number(/^const shutdownForceMs = ([\d_]+);$/m.exec(source)![1]!.replaceAll('_', ''));
    const workers = programs.filter(
      ({ metadata }) => metadata.labels['app.kubernetes.io/component'] !== 'api',
    );
    for (const { spec } of workers) {
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(forceMs / 1_000 + 15);
    }
  });

  it('no name of a component is used twice', () => {
    const names = manifests.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a disruption budget', () => {
  it('lets one Pod of each Deployment go at a time, and never holds up those that are not ready', async () => {
    const { manifests } = await render({ ...leastValues, controller: { replicas: 3 } });
    const programs = workloads(manifests);
    expect(programs).toHaveLength(2);
    for (const { metadata, spec } of programs) {
      expect(find(manifests, 'PodDisruptionBudget', metadata.name).spec).toEqual({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: spec.selector,
      });
    }
  });
});

describe("Node's heap", () => {
  it.each([
    ['1Gi', '512'],
    ['1500Mi', '750'],
    ['2G', '953'],
    [4_294_967_296, '2048'],
    ['1073741824', '512'],
  ])('gets half of a memory limit of %s', async (memory, mebibytes) => {
    const resources = { limits: { memory } };
    const { manifests } = await render({ ...leastValues, controller: { manager: { resources } } });
    expect(environmentOf(component(manifests, 'worker'))['NODE_OPTIONS']).toBe(
      `--max-old-space-size=${mebibytes}`,
    );
  });

  it('is what extraEnv says, which has each variable once', async () => {
    const extraEnv = [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=100' }];
    const { manifests } = await render({ ...leastValues, extraEnv });
    const { env } = component(manifests, 'worker').spec.template.spec.containers[0];
    expect(env?.filter(({ name }) => name === 'NODE_OPTIONS')).toEqual(extraEnv);
  });
});

describe('a CA bundle', () => {
  it.each(['configMap', 'secret'])(
    'from a %s is trusted by Node, and by Git beside the public ones',
    async (source) => {
      const caBundle = { [`${source}Name`]: 'company-ca', key: 'bundle.pem' };
      const { manifests } = await render({ ...leastValues, caBundle });
      const worker = component(manifests, 'worker');
      const { volumes, initContainers, containers } = worker.spec.template.spec;
      expect(environmentOf(worker)['NODE_EXTRA_CA_CERTS']).toBe('/etc/windlass/ca/ca.crt');
      expect(volumes).toContainEqual({
        name: 'own-ca',
        projected: {
          sources: [{ [source]: { name: 'company-ca', items: [{ key: 'bundle.pem', path: 'ca.crt' }] } }],
        },
      });
      expect(initContainers).toHaveLength(1);
      expect(containers[0].volumeMounts).toContainEqual({
        name: 'ca-bundle',
        mountPath: '/etc/ssl/certs/ca-certificates.crt',
        subPath: 'ca-certificates.crt',
        readOnly: true,
      });
      const api = component(manifests, 'api').spec.template.spec;
      expect(api.initContainers).toBeUndefined();
      expect(environmentOf(component(manifests, 'api'))).toHaveProperty('NODE_EXTRA_CA_CERTS');
    },
  );
});

describe('trustedProxies', () => {
  it('reach the webhook', async () => {
    const { manifests } = await render({ ...leastValues, trustedProxies: ['10.0.0.0/8', '2001:db8::1'] });
    expect(configOf(component(manifests, 'api')).webhook.trustedProxies).toEqual([
      '10.0.0.0/8',
      '2001:db8::1',
    ]);
  });
});

describe('watchNamespaces', () => {
  it('narrow every right of Windlass to Roles in those namespaces, and to freezes in its own, but for reviews', async () => {
    const { manifests } = await render({ ...leastValues, watchNamespaces: ['apps', 'more-apps'] });
    const roles = manifests.filter(({ kind }) => kind === 'Role' || kind === 'RoleBinding');
    expect(
      roles.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort(),
    ).toEqual([
      'Role apps/windlass-api',
      'Role apps/windlass-worker',
      'Role more-apps/windlass-api',
      'Role more-apps/windlass-worker',
      'Role windlass-system/windlass-api',
      'Role windlass-system/windlass-worker',
      'RoleBinding apps/windlass-api',
      'RoleBinding apps/windlass-worker',
      'RoleBinding more-apps/windlass-api',
      'RoleBinding more-apps/windlass-worker',
      'RoleBinding windlass-system/windlass-api',
      'RoleBinding windlass-system/windlass-worker',
    ]);
    const atHome = roles.filter(
      ({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'windlass-system',
    );
    const freezes = { apiGroups: ['pipelines.weave.works'], resources: ['freezes'] };
    const reading = ['get', 'list', 'watch'];
    expect(atHome.map(({ rules }) => rules)).toEqual([
      [{ ...freezes, verbs: [...reading, 'create', 'patch', 'delete'] }],
      [{ ...freezes, verbs: reading }],
    ]);
    // Reviews are of no namespace, and read nothing in any.
    const everywhere = manifests.filter(({ kind }) => kind === 'ClusterRoleBinding');
    expect(everywhere.map(({ metadata }) => metadata.name)).toEqual(['windlass-reviews']);
    for (const program of workloads(manifests)) {
      expect(flagsOf(program)['watch-namespaces']).toBe('apps,more-apps');
    }
  });
});

it("watchNamespaces with Windlass's own need no Role besides", async () => {
  const { manifests } = await render({ ...leastValues, watchNamespaces: ['windlass-system'] });
  const roles = manifests.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.name);
  expect(roles.sort()).toEqual(['windlass-api', 'windlass-worker']);
});

describe('all in one', () => {
  it('is one Pod with a volume that outlives it', async () => {
    const { manifests } = await render({}, { valuesFiles: [allInOneValues] });
    const programs = workloads(manifests);
    expect(programs).toHaveLength(1);
    expect(programs[0]).toMatchObject({
      kind: 'StatefulSet',
      spec: {
        replicas: 1,
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      },
    });
    expect(programs[0]!.spec.template.spec.containers[0].args?.[0]).toBe('dev');
  });

  it('keeps a fetched Temporal on its volume', async () => {
    const { manifests } = await render({}, { valuesFiles: [allInOneValues] });
    expect(environmentOf(component(manifests, 'all-in-one'))['XDG_CACHE_HOME']).toBe('/data/cache');
  });

  it('takes the image that has Temporal in it, or the one that is named', async () => {
    const imageOf = async (values: Values) => {
      const { manifests } = await render(values, { valuesFiles: [allInOneValues] });
      return component(manifests, 'all-in-one').spec.template.spec.containers[0].image;
    };
    await expect(imageOf({})).resolves.toMatch(/^windlass:.*-all-in-one$/);
    await expect(imageOf({ controller: { manager: { image: { tag: 'mine' } } } })).resolves.toBe(
      'windlass:mine',
    );
  });
});
