import { parse } from 'yaml';
import { codeBlocks, page } from '../unit/docs/pages';
import { leastValues, render } from './helm';
import { find, type Manifest, workloads } from './manifests';

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
    expect(endpoints).toEqual([{ port: 'metrics' }]);
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
    expect((spec as ServiceMonitorSpec).endpoints).toEqual([{ port: 'metrics', interval: '30s' }]);
  });

  it('rejects an interval that is not a duration of Prometheus', async () => {
    const serviceMonitor = { enabled: true, interval: '30' };
    await expect(render({ ...leastValues, serviceMonitor })).rejects.toThrow("at '/serviceMonitor/interval'");
  });
});

describe('the PrometheusRule', () => {
  interface Rules {
    readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[];
  }
  interface Alert {
    readonly alert: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }

  const documented = codeBlocks(page('docs/operations.md'))
    .filter(({ language, text }) => language === 'yaml' && text.startsWith('groups:'))
    .map(({ text }) => parse(text) as Rules);

  it('has the alerts of docs/operations.md, each with a severity and a summary', async () => {
    const prometheusRule = { enabled: true, labels: { release: 'prometheus' } };
    const { manifests } = await render({ ...leastValues, prometheusRule });
    const { apiVersion, metadata, spec } = find(manifests, 'PrometheusRule', 'windlass');
    expect(apiVersion).toBe('monitoring.coreos.com/v1');
    expect(metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(documented).toHaveLength(1);
    expect(spec).toMatchObject(documented[0]!);
    for (const { labels, annotations } of (spec as Rules).groups[0]!.rules) {
      expect(labels).toEqual({ severity: 'warning' });
      expect(annotations['summary']).toMatch(/\.$/);
    }
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
