import { allInOneValues, leastValues, render, type RenderOptions, type Values } from './helm';
import { find, workloads } from './manifests';

interface Ports {
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  readonly selector: Readonly<Record<string, string>>;
}

const open: Values = {
  ...leastValues,
  promotion: {
    ingress: {
      enabled: true,
      hosts: [{ host: 'hooks.example.com', paths: [{ path: '/', pathType: 'Prefix' }] }],
    },
    httpRoute: { enabled: true, parentRefs: [{ name: 'gateway' }] },
  },
};

describe('the Service of the API for operators', () => {
  it.each<readonly [string, Values, RenderOptions]>([
    ['api', leastValues, {}],
    ['all-in-one', {}, { valuesFiles: [allInOneValues] }],
  ])('leads to %s', async (component, values, options) => {
    const { manifests } = await render(values, options);
    const { ports, selector } = find(manifests, 'Service', 'windlass-api').spec as Ports;
    expect(ports).toEqual([{ name: 'api', port: 8083, targetPort: 'api', protocol: 'TCP' }]);
    expect(selector).toMatchObject({ 'app.kubernetes.io/component': component });
    const pods = workloads(manifests).filter(({ metadata }) => metadata.name === `windlass-${component}`);
    expect(JSON.stringify(pods)).toContain('"containerPort":8083');
  });

  it('is another one than that of the webhook, and only inside the cluster', async () => {
    const { manifests } = await render({
      ...leastValues,
      promotion: { service: { type: 'LoadBalancer' } },
    });
    const webhook = find(manifests, 'Service', 'windlass-promotion').spec as Ports;
    expect(webhook.ports.map(({ port }) => port)).toEqual([8082]);
    expect(find(manifests, 'Service', 'windlass-api').spec).toMatchObject({ type: 'ClusterIP' });
  });

  it('is not what any Ingress or HTTPRoute leads to', async () => {
    const { manifests } = await render(open);
    const doors = manifests.filter(({ kind }) => ['Ingress', 'HTTPRoute'].includes(kind));
    expect(doors.map(({ kind }) => kind).sort()).toEqual(['HTTPRoute', 'Ingress']);
    for (const door of doors) {
      expect(JSON.stringify(door)).toContain('windlass-promotion');
      expect(JSON.stringify(door)).not.toMatch(/windlass-api|8083/);
    }
  });

  it('is not open on Pods that do not serve it', async () => {
    const { manifests } = await render();
    const [worker] = workloads(manifests).filter(({ metadata }) => metadata.name === 'windlass-worker');
    expect(JSON.stringify(worker)).not.toContain('8083');
  });
});
