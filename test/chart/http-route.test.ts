import { configOf } from './program';
import { documentedValues } from './documented-values';
import { leastValues, render, type Values } from './helm';
import { component, find, serviceSpec } from './manifests';

const gateway = { name: 'public', namespace: 'gateway-system', sectionName: 'https' };

const withRoute = (httpRoute: Values, service: Values = {}) =>
  render({ ...leastValues, promotion: { service, httpRoute: { enabled: true, ...httpRoute } } });

describe('the HTTPRoute', () => {
  it('routes from the Gateway to the Service of the webhook', async () => {
    const { manifests } = await withRoute(
      { parentRefs: [gateway], hostnames: ['promotions.example.org'] },
      { port: 9082 },
    );
    const { apiVersion, spec } = find(manifests, 'HTTPRoute', 'windlass-promotion');
    expect(apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(spec).toEqual({
      parentRefs: [gateway],
      hostnames: ['promotions.example.org'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/promotion' } }],
          backendRefs: [{ name: 'windlass-promotion', port: 9082 }],
        },
      ],
    });
    expect(serviceSpec(manifests, 'windlass-promotion').ports).toMatchObject([{ port: 9082 }]);
  });

  it('can have other matches, filters and timeouts', async () => {
    const filters = [
      { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } },
    ];
    const matches = [{ path: { type: 'PathPrefix', value: '/windlass' } }];
    const rule = { matches, filters, timeouts: { request: '15s' } };
    const { manifests } = await withRoute({ parentRefs: [gateway], rules: [rule] });
    const backendRefs = [{ name: 'windlass-promotion', port: 8082 }];
    expect(find(manifests, 'HTTPRoute', 'windlass-promotion').spec).toEqual({
      parentRefs: [gateway],
      rules: [{ ...rule, backendRefs }],
    });
  });

  it('has labels and annotations', async () => {
    const { manifests } = await withRoute({
      parentRefs: [gateway],
      labels: { team: 'platform' },
      annotations: { 'example.com/note': 'x' },
    });
    expect(find(manifests, 'HTTPRoute', 'windlass-promotion').metadata).toMatchObject({
      labels: { team: 'platform' },
      annotations: { 'example.com/note': 'x' },
    });
  });

  it('works with the values in docs/kubernetes/ingress.md', async () => {
    const { manifests, notes } = await render({
      ...leastValues,
      ...documentedValues('With the Gateway API'),
    });
    expect(find(manifests, 'HTTPRoute', 'windlass-promotion').spec).toMatchObject({
      parentRefs: [gateway],
      hostnames: ['promotions.example.org'],
    });
    expect(configOf(component(manifests, 'api')).webhook.trustedProxies).toEqual(['10.42.0.0/16']);
    expect(notes).toContain('promotions.example.org, on the Gateway public');
  });

  it('requires a Gateway', async () => {
    await expect(withRoute({})).rejects.toThrow(
      'promotion.httpRoute.parentRefs is empty. Add at least one Gateway',
    );
  });

  it('is off by default', async () => {
    const { manifests } = await render();
    expect(manifests.filter(({ kind }) => kind === 'HTTPRoute')).toEqual([]);
  });
});
