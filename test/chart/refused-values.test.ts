import { allInOneValues, leastValues, lint, render, type Values } from './helm';

const ingress = (host: Values) => ({ promotion: { ingress: { hosts: [host] } } });
const temporal = (address: string) => ({ temporal: { address } });
const image = (repository: string) => ({ controller: { manager: { image: { repository } } } });

/** What is wrong, the values, and what Helm says about them. */
const refused: [string, Values, string][] = [
  ['an unknown value', { replicaCount: 2 }, "additional properties 'replicaCount' not allowed"],
  ['a mistyped value', { temporal: { adress: 'x:1' } }, "at '/temporal': additional properties 'adress' not"],
  [
    'replicas in words',
    { controller: { replicas: 'two' } },
    "'/controller/replicas': got string, want integer",
  ],
  ['negative replicas', { worker: { replicas: -1 } }, "at '/worker/replicas': minimum: got -1, want 0"],
  [
    'half a second',
    { promotion: { retry: { delay: 0.5 } } },
    "'/promotion/retry/delay': got number, want int",
  ],
  [
    'a number in quotes',
    { promotion: { rateLimit: { value: '20' } } },
    "at '/promotion/rateLimit/value': got string, want integer",
  ],
  [
    'a level that there is not',
    { logging: { level: 'verbose' } },
    "at '/logging/level': value must be one of 'trace', 'debug', 'info', 'warn', 'error'",
  ],
  [
    'an encoding that there is not',
    { logging: { encoding: 'text' } },
    "at '/logging/encoding': value must be one of 'json', 'console'",
  ],
  [
    'a type of Service that there is not',
    { promotion: { service: { type: 'Internal' } } },
    "at '/promotion/service/type': value must be one of 'ClusterIP', 'NodePort', 'LoadBalancer'",
  ],
  [
    'a port out of range',
    { promotion: { service: { port: 70_000 } } },
    "at '/promotion/service/port': maximum: got 70,000, want 65,535",
  ],
  [
    'a node port in words',
    { promotion: { service: { nodePort: 'http' } } },
    'promotion.service.nodePort is http. Set a port',
  ],
  [
    'a host without paths',
    ingress({ host: 'a.example' }),
    "'/promotion/ingress/hosts/0': missing property 'paths'",
  ],
  [
    'a type of path that there is not',
    ingress({ host: 'a.example', paths: [{ path: '/', pathType: 'Regex' }] }),
    "pathType': value must be one of 'Exact', 'Prefix', 'ImplementationSpecific'",
  ],
  [
    'an ingress without hosts',
    { promotion: { ingress: { enabled: true } } },
    'promotion.ingress.hosts is empty',
  ],
  [
    'one proxy instead of a list',
    { trustedProxies: '10.0.0.0/8' },
    "at '/trustedProxies': got string, want array",
  ],
  [
    'a proxy by name',
    { trustedProxies: ['ingress-nginx'] },
    'trustedProxies contains ingress-nginx. Use IP addresses and CIDRs',
  ],
  [
    'namespaces by wildcard',
    { watchNamespaces: ['team-*'] },
    'watchNamespaces contains team-*. Use names of namespaces',
  ],
  ['a namespace twice', { watchNamespaces: ['a', 'a'] }, "at '/watchNamespaces': items at 0 and 1 are equal"],
  [
    'two CA bundles',
    { caBundle: { configMapName: 'a', secretName: 'b' } },
    'caBundle has both a ConfigMap and a Secret',
  ],
  ['a variable without a name', { extraEnv: [{ value: 'x' }] }, "at '/extraEnv/0': missing property 'name'"],
  [
    'no Temporal',
    { temporal: { address: '' } },
    'temporal.address is missing. Set the host:port of your Temporal',
  ],
  [
    'a URL of Temporal',
    temporal('https://temporal:7233'),
    'temporal.address is https://temporal:7233. Use host:port',
  ],
  ['Temporal without its port', temporal('temporal.svc'), 'temporal.address is temporal.svc. Use host:port'],
  [
    'events to an address that is not a URL',
    { controller: { manager: { eventsAddr: 'notification-controller' } } },
    'controller.manager.eventsAddr is notification-controller. Set the address of',
  ],
  [
    "pipeline-controller's image",
    image('ghcr.io/weaveworks/pipeline-controller'),
    "is ghcr.io/weaveworks/pipeline-controller, which is pipeline-controller's image",
  ],
  ['no image', image(''), "at '/controller/manager/image/repository': minLength: got 0, want 1"],
  [
    "the umbrella chart's values as they were",
    { enablePipelines: true, 'pipeline-controller': { promotion: { rateLimit: { value: 1 } } } },
    'Move the values under pipeline-controller to the top level',
  ],
  [
    'all in one beside a Temporal',
    { ...temporal('temporal:7233'), allInOne: { enabled: true } },
    'allInOne runs its own Temporal server',
  ],
  [
    'two replicas of all in one',
    { temporal: { address: '' }, controller: { replicas: 2 }, allInOne: { enabled: true } },
    'allInOne is one Pod. Set controller.replicas to 1',
  ],
];

describe('values', () => {
  it.each(refused)('with %s are refused in words', async (_fault, values, words) => {
    await expect(render({ ...leastValues, ...values })).rejects.toThrow(words);
  });

  it('are refused for all their faults at once', async () => {
    const faults = { watchNamespaces: ['A'], trustedProxies: ['b'], temporal: { address: 'c' } };
    await expect(render(faults)).rejects.toThrow(
      /trustedProxies contains b[^]*watchNamespaces contains A[^]*address is c/,
    );
  });

  it('are held to the schema by helm lint too', async () => {
    await expect(lint({ ...leastValues, replicaCount: 2 })).rejects.toThrow("'replicaCount' not allowed");
  });

  // What pipeline-controller took has to be taken: `windlass` makes the least sensible of it.
  it.each([
    ['a retry without delay or attempts', { promotion: { retry: { delay: 0, maxDelay: 0, threshold: 0 } } }],
    ['a maxDelay below the delay', { promotion: { retry: { delay: 9, maxDelay: 1 } } }],
    ['no address for events', { controller: { manager: { eventsAddr: '' } } }],
    ['a node port that is not used', { promotion: { service: { nodePort: 30_082 } } }],
    ['a path without a type', ingress({ host: 'a.example', paths: [{ path: '/' }] })],
    ["a parent chart's global values", { global: { anything: true } }],
  ])('with %s are taken', async (_what, values) => {
    await expect(render({ ...leastValues, ...values })).resolves.toHaveProperty('manifests');
  });
});

describe('values-all-in-one.yaml', () => {
  it('says that it is for one replica and for trying Windlass only', async () => {
    const { notes } = await render({}, { valuesFiles: [allInOneValues] });
    expect(notes).toMatch(/only to try Windlass, and\s+never with more than one replica/);
  });
});

describe('NOTES', () => {
  it.each(['128Mi', '0.25Gi', 134_217_728])('warns if the memory limit is %s', async (memory) => {
    const resources = { limits: { memory } };
    const { notes } = await render({ ...leastValues, controller: { manager: { resources } } });
    expect(notes).toMatch(/WARNING: the memory limit of api is \d+ MiB/);
    expect(notes).toMatch(/WARNING: the memory limit of worker is \d+ MiB/);
  });

  it('warns of nothing by default', async () => {
    const { notes } = await render();
    expect(notes).not.toContain('WARNING');
  });

  it('names the address of the webhook inside of the cluster', async () => {
    const { notes } = await render(
      { ...leastValues, fullnameOverride: 'pipeline-controller' },
      { namespace: 'flux-system' },
    );
    expect(notes).toContain(
      'http://pipeline-controller-promotion.flux-system.svc.cluster.local:8082/promotion/',
    );
  });

  it('says whose Secrets Windlass may read', async () => {
    const { notes: cluster } = await render();
    expect(cluster).toContain('can read every Secret of the cluster');
    const { notes: narrowed } = await render({ ...leastValues, watchNamespaces: ['apps'] });
    expect(narrowed).toContain('in: apps.');
  });
});
