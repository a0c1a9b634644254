import { loadClientConnectConfig } from '@temporalio/envconfig';
import { version } from '../../package.json';
import { leastValues, render, type Values } from './helm';
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

/** Every value of pipeline-controller's chart (0.22), none at its default. */
const original: Values = {
  controller: {
    manager: {
      image: { repository: 'registry.example.com/windlass', tag: '1.2.3' },
      resources: { limits: { cpu: '2', memory: '3Gi' }, requests: { cpu: '20m', memory: '300Mi' } },
      eventsAddr: 'http://events.example.com/',
    },
    replicas: 3,
  },
  kubernetesClusterDomain: 'corp.example',
  promotion: {
    rateLimit: { value: 7, interval: 11 },
    retry: { delay: 3, maxDelay: 13, threshold: 5 },
    service: {
      enabled: true,
      type: 'NodePort',
      port: 9082,
      nodePort: 30082,
      annotations: { 'example.com/annotated': 'service' },
      labels: { labelled: 'service' },
    },
    ingress: {
      enabled: true,
      className: 'internal',
      annotations: { 'example.com/annotated': 'ingress' },
      labels: { labelled: 'ingress' },
      hosts: [{ host: 'promotions.example.org', paths: [{ path: '/', pathType: 'Prefix' }] }],
      tls: [{ secretName: 'promotions-tls', hosts: ['promotions.example.org'] }],
    },
  },
  logging: { encoding: 'console', level: 'debug' },
  fullnameOverride: 'pipeline-controller',
};

describe("pipeline-controller's values", () => {
  let manifests: readonly Manifest[];
  let programs: Workload[];
  beforeAll(async () => {
    ({ manifests } = await render({ ...original, ...leastValues }, { namespace: 'flux-system' }));
    programs = workloads(manifests);
  });

  it('name the image, its tag and the resources of api and worker', () => {
    const [api, worker] = programs.map(({ spec }) => spec.template.spec.containers[0]);
    expect(api).toMatchObject({
      image: 'registry.example.com/windlass:1.2.3',
      resources: { limits: { cpu: '2', memory: '3Gi' }, requests: { cpu: '20m', memory: '300Mi' } },
    });
    expect(worker).toMatchObject({ image: api!.image, resources: api!.resources });
  });

  it('say how many replicas api and worker have', () => {
    expect(programs.map(({ spec }) => spec.replicas)).toEqual([3, 3]);
  });

  it('reach the program with their meaning', () => {
    for (const program of programs) {
      expect(configOf(program)).toMatchObject({
        webhook: { rateLimit: { value: 7, intervalMs: 11_000 } },
        retry: { delayMs: 3_000, maxDelayMs: 13_000, threshold: 5 },
        eventsAddress: 'http://events.example.com',
        log: { encoding: 'console', level: 'debug' },
      });
    }
  });

  it('shape the Service', () => {
    expect(find(manifests, 'Service', 'pipeline-controller-promotion').metadata).toMatchObject({
      namespace: 'flux-system',
      annotations: { 'example.com/annotated': 'service' },
      labels: { labelled: 'service' },
    });
    expect(serviceSpec(manifests, 'pipeline-controller-promotion')).toMatchObject({
      type: 'NodePort',
      ports: [{ port: 9082, nodePort: 30082, targetPort: 'promotion' }],
    });
  });

  it('shape the Ingress', () => {
    const ingress = find(manifests, 'Ingress', 'pipeline-controller-promotion');
    expect(ingress.metadata).toMatchObject({
      annotations: { 'example.com/annotated': 'ingress' },
      labels: { labelled: 'ingress' },
    });
    const backend = { service: { name: 'pipeline-controller-promotion', port: { number: 9082 } } };
    expect(ingress.spec).toEqual({
      ingressClassName: 'internal',
      tls: [{ secretName: 'promotions-tls', hosts: ['promotions.example.org'] }],
      rules: [
        { host: 'promotions.example.org', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
      ],
    });
  });

  it('keep large numbers whole', async () => {
    const retry = { delay: 100_000_000, maxDelay: 1_000_000_000, threshold: 1_000_000 };
    const rendering = await render({ ...leastValues, promotion: { retry } });
    expect(flagsOf(component(rendering.manifests, 'worker'))).toMatchObject({
      'promotion-retry-delay': '100000000',
      'promotion-retry-max-delay': '1000000000',
      'promotion-retry-threshold': '1000000',
    });
  });
});

describe("pipeline-controller's defaults", () => {
  let manifests: readonly Manifest[];
  beforeAll(async () => {
    ({ manifests } = await render());
  });

  it('hold', () => {
    expect(configOf(component(manifests, 'worker'))).toMatchObject({
      webhook: { bind: { port: 8082 }, rateLimit: { value: 20, intervalMs: 30_000 } },
      health: { port: 8081 },
      metrics: { port: 8080 },
      retry: { delayMs: 2_000, maxDelayMs: 20_000, threshold: 3 },
      eventsAddress: 'http://notification-controller.flux-system.svc.cluster.local.',
      log: { encoding: 'json', level: 'info' },
    });
    expect(workloads(manifests).map(({ spec }) => spec.replicas)).toEqual([1, 1]);
    expect(manifests.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  it('put the webhook on port 8082 of a ClusterIP Service', () => {
    expect(serviceSpec(manifests, 'windlass-promotion')).toMatchObject({
      type: 'ClusterIP',
      ports: [{ port: 8082 }],
    });
  });

  it("take this version's image", () => {
    const images = workloads(manifests).map(({ spec }) => spec.template.spec.containers[0].image);
    expect(images).toEqual([`windlass:${version}`, `windlass:${version}`]);
  });

  it("follow the cluster's domain", async () => {
    const { manifests: elsewhere } = await render({
      ...leastValues,
      kubernetesClusterDomain: 'corp.example',
    });
    expect(flagsOf(component(elsewhere, 'worker'))['events-addr']).toBe(
      'http://notification-controller.flux-system.svc.corp.example./',
    );
  });
});

describe('names', () => {
  it.each([
    ['the release and the chart', 'promotions', {}, 'promotions-windlass'],
    ['the release where it has the chart in it', 'my-windlass', {}, 'my-windlass'],
    ['fullnameOverride', 'promotions', { fullnameOverride: 'pipeline-controller' }, 'pipeline-controller'],
    ['nameOverride', 'wge', { nameOverride: 'pipeline-controller' }, 'wge-pipeline-controller'],
  ])('come from %s', async (_source, release, values, fullname) => {
    const { manifests } = await render({ ...leastValues, ...values }, { release });
    expect(serviceSpec(manifests, `${fullname}-promotion`).ports).toHaveLength(1);
    expect(workloads(manifests).map(({ metadata }) => metadata.name)).toEqual([
      `${fullname}-api`,
      `${fullname}-worker`,
    ]);
  });

  it('are never longer than a Service may be called, but for kinds whose names may be longer', async () => {
    const { manifests } = await render({ ...leastValues, fullnameOverride: 'x'.repeat(63) });
    const lengths = manifests
      .filter(({ kind }) => kind !== 'Secret' && kind !== 'ClusterRole')
      .map(({ metadata }) => metadata.name.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(63);
  });
});

describe('api and worker', () => {
  it('scale apart', async () => {
    const { manifests } = await render({
      ...leastValues,
      controller: { replicas: 2 },
      worker: { replicas: 5, resources: { limits: { memory: '4Gi' } } },
    });
    expect(component(manifests, 'api').spec.replicas).toBe(2);
    expect(component(manifests, 'worker').spec.replicas).toBe(5);
    expect(component(manifests, 'worker').spec.template.spec.containers[0].resources).toEqual({
      limits: { memory: '4Gi' },
    });
  });

  it('can be scaled to nothing', async () => {
    const { manifests } = await render({ ...leastValues, worker: { replicas: 0 } });
    expect(component(manifests, 'worker').spec.replicas).toBe(0);
    expect(component(manifests, 'api').spec.replicas).toBe(1);
  });
});

describe("Temporal's connection", () => {
  const connection = async (temporal: Values, extraEnv: readonly object[] = []) => {
    const { manifests } = await render({ temporal, extraEnv });
    const worker = component(manifests, 'worker');
    return { worker, variables: environmentOf(worker) };
  };

  it("is by the variables of Temporal's SDK", async () => {
    const { variables } = await connection({
      address: 'temporal.example.com:7233',
      namespace: 'windlass',
      tls: { enabled: true, serverName: 'temporal.internal' },
    });
    const { namespace, connectionOptions } = loadClientConnectConfig({ overrideEnvVars: variables });
    expect({ namespace, ...connectionOptions }).toMatchObject({
      namespace: 'windlass',
      address: 'temporal.example.com:7233',
      tls: { serverNameOverride: 'temporal.internal' },
    });
  });

  it('is without TLS where none is asked for', async () => {
    const { variables } = await connection({ address: 'temporal.example.com:7233' });
    expect(loadClientConnectConfig({ overrideEnvVars: variables }).connectionOptions.tls).toBeUndefined();
  });

  it('has certificates as files from Secrets', async () => {
    const { worker, variables } = await connection({
      address: 'temporal.example.com:7233',
      tls: { caSecretName: 'temporal-ca', clientSecretName: 'temporal-client' },
    });
    expect(variables).toMatchObject({
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/etc/windlass/temporal/ca.crt',
      TEMPORAL_TLS_CLIENT_CERT_PATH: '/etc/windlass/temporal/tls.crt',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/etc/windlass/temporal/tls.key',
    });
    const { volumes, containers } = worker.spec.template.spec;
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'temporal-tls',
      mountPath: '/etc/windlass/temporal',
      readOnly: true,
    });
    expect(volumes).toContainEqual({
      name: 'temporal-tls',
      projected: {
        sources: [
          { secret: { name: 'temporal-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            secret: {
              name: 'temporal-client',
              items: [
                { key: 'tls.crt', path: 'tls.crt' },
                { key: 'tls.key', path: 'tls.key' },
              ],
            },
          },
        ],
      },
    });
  });

  it('can come from a Secret as a whole, with address and API key', async () => {
    const { worker, variables } = await connection({ envFromSecret: 'temporal-connection' });
    expect(worker.spec.template.spec.containers[0].envFrom).toEqual([
      { secretRef: { name: 'temporal-connection' } },
    ]);
    expect(Object.keys(variables).filter((name) => name.startsWith('TEMPORAL_'))).toEqual([]);
  });
});
