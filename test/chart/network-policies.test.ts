import { allInOneValues, leastValues, render, type Values } from './helm';
import { find, workloads } from './manifests';

describe('network policies', () => {
  it('open the webhook to everybody, API and metrics to the cluster, and nothing else', async () => {
    const { manifests } = await render();
    const api = { ports: [{ port: 8083, protocol: 'TCP' }], from: [{ namespaceSelector: {} }] };
    const metrics = { ports: [{ port: 8080, protocol: 'TCP' }], from: [{ namespaceSelector: {} }] };
    const webhook = { ports: [{ port: 8082, protocol: 'TCP' }] };
    expect(find(manifests, 'NetworkPolicy', 'windlass-api').spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [webhook, api, metrics],
    });
    expect(find(manifests, 'NetworkPolicy', 'windlass-worker').spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [metrics],
    });
  });

  it('select the Pods of their component', async () => {
    const { manifests } = await render();
    for (const { metadata, spec } of workloads(manifests)) {
      expect(find(manifests, 'NetworkPolicy', metadata.name).spec).toMatchObject({
        podSelector: spec.selector,
      });
    }
  });

  it('let those alone to the webhook that are named', async () => {
    const webhookFrom = [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } },
    ];
    const { manifests } = await render({ ...leastValues, networkPolicy: { webhookFrom } });
    expect(find(manifests, 'NetworkPolicy', 'windlass-api').spec).toMatchObject({
      ingress: [{ from: webhookFrom }, {}, {}],
    });
  });

  it('let those alone to the API that are named, or no one', async () => {
    const apiFrom = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'operators' } } }];
    const portsWith = async (peers: readonly unknown[]) => {
      const { manifests } = await render({ ...leastValues, networkPolicy: { apiFrom: peers } });
      const { ingress } = find(manifests, 'NetworkPolicy', 'windlass-api').spec as {
        ingress: { ports: { port: number }[]; from?: unknown }[];
      };
      return ingress.map(({ ports, from }) => [ports[0]?.port, from]);
    };
    expect(await portsWith(apiFrom)).toContainEqual([8083, apiFrom]);
    expect((await portsWith([])).map(([port]) => port)).toEqual([8082, 8080]);
  });

  it('let Windlass, Temporal itself and operators alone to Temporal', async () => {
    const operators = [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'operators' } } },
    ];
    const podLabels = { 'app.kubernetes.io/instance': 'temporal' };
    const { manifests } = await render({
      ...leastValues,
      networkPolicy: { temporal: { podLabels, namespace: 'temporal', operators } },
    });
    const { metadata, spec } = find(manifests, 'NetworkPolicy', 'windlass-temporal');
    expect(metadata.namespace).toBe('temporal');
    expect(spec).toEqual({
      podSelector: { matchLabels: podLabels },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: podLabels } }, ...operators] },
        {
          ports: [{ port: 7233, protocol: 'TCP' }],
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'windlass-system' } },
              podSelector: {
                matchLabels: {
                  'app.kubernetes.io/name': 'windlass',
                  'app.kubernetes.io/instance': 'windlass',
                },
              },
            },
          ],
        },
      ],
    });
  });

  it('can be left to others', async () => {
    const { manifests } = await render({ ...leastValues, networkPolicy: { enabled: false } });
    expect(manifests.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
  });
});

describe('egress', () => {
  const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  const dns = {
    to: [inNamespace('kube-system')],
    ports: [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ],
  };
  const apiServer = { ports: tcp(443, 6443) };
  const temporal = { ports: tcp(7233) };
  const git = { ports: tcp(22, 443) };
  const events = { to: [inNamespace('flux-system')], ports: tcp(9090) };

  /** The rules of one component; undefined if it is not restricted. */
  async function egressOf(component: string, values: Values, valuesFiles: readonly string[] = []) {
    const { manifests } = await render(values, { valuesFiles });
    const { spec } = find(manifests, 'NetworkPolicy', `windlass-${component}`);
    const { policyTypes, egress } = spec as { readonly policyTypes: unknown; readonly egress?: unknown };
    expect(policyTypes).toEqual(egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
    return egress;
  }

  const restricted = (egress: Values, others: Values = {}): Values => ({
    ...leastValues,
    ...others,
    networkPolicy: { egress: { enabled: true, ...egress } },
  });

  it('is not restricted by default', async () => {
    await expect(egressOf('api', leastValues)).resolves.toBeUndefined();
    await expect(egressOf('worker', leastValues)).resolves.toBeUndefined();
  });

  it('allows what each component needs', async () => {
    await expect(egressOf('api', restricted({}))).resolves.toEqual([dns, apiServer, temporal]);
    await expect(egressOf('worker', restricted({}))).resolves.toEqual([
      dns,
      apiServer,
      temporal,
      git,
      events,
    ]);
  });

  it('of the all-in-one Pod allows no Temporal server outside it', async () => {
    const values = { networkPolicy: { egress: { enabled: true } } };
    await expect(egressOf('all-in-one', values, [allInOneValues])).resolves.toEqual([
      dns,
      apiServer,
      git,
      events,
    ]);
  });

  it('allows the addresses and ports of the values', async () => {
    const cidr = (block: string) => [{ ipBlock: { cidr: block } }];
    const egress = {
      dns: { to: cidr('169.254.20.10/32'), ports: [5353] },
      apiServer: { to: cidr('10.0.0.1/32'), ports: [6443] },
      temporal: { to: cidr('10.1.0.0/16'), ports: [7234] },
      git: { to: cidr('192.0.2.0/24'), ports: [7999, 8443] },
      events: { to: cidr('10.2.0.0/16'), ports: [] },
      further: [{ to: cidr('10.3.0.1/32'), ports: [{ port: 3128, protocol: 'TCP' }] }],
    };
    await expect(egressOf('worker', restricted(egress))).resolves.toEqual([
      {
        to: egress.dns.to,
        ports: [
          { port: 5353, protocol: 'UDP' },
          { port: 5353, protocol: 'TCP' },
        ],
      },
      { to: egress.apiServer.to, ports: tcp(6443) },
      { to: egress.temporal.to, ports: tcp(7234) },
      { to: egress.git.to, ports: tcp(7999, 8443) },
      { to: egress.events.to },
      ...egress.further,
    ]);
  });

  it('allows the port of temporal.address, or the Pods of Temporal in the cluster', async () => {
    const outside = { temporal: { address: 'temporal.example.com:443' } };
    await expect(egressOf('api', restricted({}, outside))).resolves.toContainEqual({ ports: tcp(443) });

    const podLabels = { 'app.kubernetes.io/instance': 'temporal' };
    const networkPolicy = {
      temporal: { podLabels, namespace: 'temporal', port: 7235 },
      egress: { enabled: true },
    };
    await expect(egressOf('api', { ...leastValues, networkPolicy })).resolves.toContainEqual({
      to: [{ ...inNamespace('temporal'), podSelector: { matchLabels: podLabels } }],
      ports: tcp(7235),
    });

    const fromSecret = { temporal: { envFromSecret: 'temporal-connection' } };
    await expect(egressOf('api', restricted({}, fromSecret))).resolves.toContainEqual(temporal);
  });

  it('allows no notification-controller without eventsAddr', async () => {
    const silent = { controller: { manager: { eventsAddr: '' } } };
    await expect(egressOf('worker', restricted({}, silent))).resolves.toEqual([
      dns,
      apiServer,
      temporal,
      git,
    ]);
  });
});
