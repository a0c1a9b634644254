import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { chart, leastValues, render } from './helm';
import { find, flagsOf, type Manifest, workloads } from './manifests';

interface ServiceMonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly endpoints: readonly { readonly port: string; readonly interval?: string }[];
  readonly podTargetLabels: readonly string[];
}

interface ScrapedService {
  readonly clusterIP?: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly targetPort: string }[];
}

const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const operatorKinds = (manifests: readonly Manifest[]) =>
  manifests.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));

describe('the ServiceMonitor', () => {
  it('selects one Service, which selects the metrics port of every Pod', async () => {
    const { manifests } = await render({ ...leastValues, serviceMonitor: { enabled: true } });
    const { apiVersion, spec } = find(manifests, 'ServiceMonitor', 'windlass');
    expect(apiVersion).toBe('monitoring.coreos.com/v1');
    const { selector, endpoints, podTargetLabels } = spec as ServiceMonitorSpec;
    expect(endpoints).toEqual([{ port: 'metrics' }, { port: 'temporal-metrics' }]);
    expect(podTargetLabels).toEqual(['app.kubernetes.io/component']);

    const services = manifests.filter(
      ({ kind, metadata }) => kind === 'Service' && selects(selector.matchLabels, metadata.labels),
    );
    expect(services).toHaveLength(1);
    const service = services[0]!.spec as ScrapedService;
    const { targetPort } = service.ports.find(({ name }) => name === endpoints[0]!.port)!;
    for (const { spec: workload } of workloads(manifests)) {
      expect(selects(service.selector, workload.template.metadata.labels)).toBe(true);
      expect(workload.template.spec.containers[0].ports).toContainEqual(
        expect.objectContaining({ name: targetPort, containerPort: 8080 }),
      );
    }
  });

  it('has the labels and the interval of the values', async () => {
    const serviceMonitor = { enabled: true, labels: { release: 'prometheus' }, interval: '30s' };
    const { manifests } = await render({ ...leastValues, serviceMonitor });
    const { metadata, spec } = find(manifests, 'ServiceMonitor', 'windlass');
    expect(metadata.labels).toMatchObject({
      release: 'prometheus',
      'app.kubernetes.io/instance': 'windlass',
    });
    expect((spec as ServiceMonitorSpec).endpoints).toEqual([
      { port: 'metrics', interval: '30s' },
      { port: 'temporal-metrics', interval: '30s' },
    ]);
  });

  it("also selects the metrics of Temporal's SDK, which only Pods with a worker serve", async () => {
    const { manifests } = await render({ ...leastValues, serviceMonitor: { enabled: true } });
    const { ports } = find(manifests, 'Service', 'windlass-metrics').spec as ScrapedService;
    expect(ports).toContainEqual(expect.objectContaining({ targetPort: 'temporal-metrics' }));
    for (const workload of workloads(manifests)) {
      const serves = workload.metadata.name === 'windlass-worker';
      const named = workload.spec.template.spec.containers[0].ports ?? [];
      const port = named.find(({ name }) => name === 'temporal-metrics')?.containerPort;
      expect(port).toBe(serves ? 8084 : undefined);
      expect(flagsOf(workload)['temporal-metrics-bind-address']).toBe(serves ? ':8084' : undefined);
      const { ingress } = find(manifests, 'NetworkPolicy', workload.metadata.name).spec as {
        ingress: readonly { ports: readonly { port: number }[] }[];
      };
      const open = ingress.flatMap(({ ports: allowed }) => allowed.map((each) => each.port));
      expect(open).toContain(8080);
      expect(open.includes(8084)).toBe(serves);
    }
  });

  it('rejects an interval that is not a duration of Prometheus', async () => {
    const serviceMonitor = { enabled: true, interval: '30' };
    await expect(render({ ...leastValues, serviceMonitor })).rejects.toThrow("at '/serviceMonitor/interval'");
  });
});

describe('the PrometheusRule', () => {
  interface Rules {
    readonly groups: readonly { readonly rules: readonly Alert[] }[];
  }
  interface Alert {
    readonly alert: string;
    readonly annotations: Readonly<Record<string, string>>;
  }

  const rulesOf = async (prometheusRule: object): Promise<Rules> => {
    const { manifests } = await render({ ...leastValues, prometheusRule });
    const { apiVersion, metadata, spec } = find(manifests, 'PrometheusRule', 'windlass');
    expect(apiVersion).toBe('monitoring.coreos.com/v1');
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
    return spec as Rules;
  };

  it('has the alerts of alerts.yaml', async () => {
    const file = parse(await readFile(path.join(chart, 'alerts.yaml'), 'utf8')) as Rules;
    expect(await rulesOf({ enabled: true, labels: { release: 'prometheus' } })).toEqual(file);
  });

  it('links each alert to its runbook where the values say where those are', async () => {
    const runbookUrl = 'https://git.example.com/windlass/docs/runbooks.md';
    const { groups } = await rulesOf({ enabled: true, labels: { release: 'prometheus' }, runbookUrl });
    for (const { alert, annotations } of groups.flatMap(({ rules }) => rules)) {
      expect(annotations['runbook_url']).toBe(`${runbookUrl}#${alert.toLowerCase()}`);
    }
  });

  it.each(['docs/runbooks.md', 'https://example.com/#there'])(
    'rejects %s as their address',
    async (runbookUrl) => {
      const prometheusRule = { enabled: true, runbookUrl };
      await expect(render({ ...leastValues, prometheusRule })).rejects.toThrow(
        "at '/prometheusRule/runbookUrl'",
      );
    },
  );
});

describe('the Grafana dashboard', () => {
  it('is in a ConfigMap that a sidecar finds, as it is in the file', async () => {
    const grafanaDashboard = {
      enabled: true,
      labels: { team: 'platform' },
      annotations: { grafana_folder: 'Flux' },
      namespace: 'monitoring',
    };
    const { manifests } = await render({ ...leastValues, grafanaDashboard });
    const found = find(manifests, 'ConfigMap', 'windlass-dashboard');
    expect(found.metadata).toMatchObject({
      namespace: 'monitoring',
      labels: { grafana_dashboard: '1', team: 'platform' },
      annotations: { grafana_folder: 'Flux' },
    });
    const { data } = found as Manifest & { readonly data: Readonly<Record<string, string>> };
    const file = await readFile(path.join(chart, 'dashboards/windlass.json'), 'utf8');
    expect(JSON.parse(data['windlass.json']!)).toEqual(JSON.parse(file));
  });

  it('is not there by default', async () => {
    const { manifests } = await render();
    expect(manifests.map(({ metadata }) => metadata.name)).not.toContain('windlass-dashboard');
  });
});

describe('by default', () => {
  it('no object needs the Prometheus operator, and there is no Service for it', async () => {
    const { manifests } = await render();
    expect(operatorKinds(manifests)).toEqual([]);
    const services = manifests.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['windlass-api', 'windlass-promotion']);
  });
});
