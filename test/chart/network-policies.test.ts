import { leastValues, render } from './helm';
import { find, workloads } from './manifests';

describe('network policies', () => {
  it('open the webhook to everybody, metrics to the cluster, and nothing else', async () => {
    const { manifests } = await render();
    const metrics = { ports: [{ port: 8080, protocol: 'TCP' }], from: [{ namespaceSelector: {} }] };
    const webhook = { ports: [{ port: 8082, protocol: 'TCP' }] };
    expect(find(manifests, 'NetworkPolicy', 'windlass-api').spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [webhook, metrics],
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
      ingress: [{ from: webhookFrom }, {}],
    });
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
