import { readAccessPolicy } from '../../src/access/policy/access-policy-schema';
import { allInOneValues, leastValues, render, type Values } from './helm';
import { component, find, flagsOf, type Manifest, workloads } from './manifests';
import { configOf } from './program';

interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}

const rules = [
  {
    subjects: [{ group: 'oidc:release' }, { user: 'token:ci' }],
    namespaces: ['*'],
    verbs: ['get', 'approve'],
  },
];
const access: Values = { tokensSecretName: 'api-tokens', policy: { rules } };

describe('access', () => {
  it('files are read by api alone', async () => {
    const { manifests } = await render({ ...leastValues, access }, { release: 'shop' });
    const api = component(manifests, 'api');
    expect(flagsOf(api)).toMatchObject({
      'api-tokens-file': '/etc/windlass/api-tokens/tokens.yaml',
      'access-policy-file': '/etc/windlass/access-policy/access.yaml',
    });
    const { volumes, containers } = api.spec.template.spec;
    // Not by subPath, which the kubelet does not update.
    for (const name of ['api-tokens', 'access-policy']) {
      const mountPath = `/etc/windlass/${name}`;
      expect(containers[0].volumeMounts).toContainEqual({ name, mountPath, readOnly: true });
    }
    expect(volumes).toContainEqual({ name: 'api-tokens', secret: { secretName: 'api-tokens' } });
    expect(volumes).toContainEqual({
      name: 'access-policy',
      configMap: { name: 'shop-windlass-access-policy' },
    });
    const worker = component(manifests, 'worker');
    expect(flagsOf(worker)).not.toHaveProperty('api-tokens-file');
    expect(flagsOf(worker)).not.toHaveProperty('access-policy-file');
  });

  it('rules become a policy that the program reads', async () => {
    const { manifests } = await render({ ...leastValues, access }, { release: 'shop' });
    const { data } = find(manifests, 'ConfigMap', 'shop-windlass-access-policy') as ConfigMap;
    const reading = readAccessPolicy(data['access.yaml'] ?? '', 'access.yaml');
    expect(reading.faults).toEqual([]);
    expect(reading.value?.rules).toEqual(rules);
  });

  it('files are read by the all-in-one Pod as well', async () => {
    const { manifests } = await render({ access }, { valuesFiles: [allInOneValues] });
    expect(flagsOf(component(manifests, 'all-in-one'))).toHaveProperty('access-policy-file');
  });

  it('of an issuer reaches the program', async () => {
    const oidc = { issuerUrl: 'https://dex.example.com/', clientId: 'windlass', usernameClaim: 'email' };
    const { manifests } = await render({ ...leastValues, access: { oidc, audiences: ['windlass'] } });
    expect(configOf(component(manifests, 'api')).access).toMatchObject({
      oidc: { ...oidc, usernamePrefix: 'oidc:', groupsClaim: 'groups', groupsPrefix: 'oidc:' },
      audiences: ['windlass'],
    });
  });

  it('of a confidential client, and where people reach the dashboard, are for api alone', async () => {
    const oidc = {
      issuerUrl: 'https://dex.example.com',
      clientId: 'windlass',
      clientSecretName: 'dex-client',
    };
    const dashboard = { url: 'https://windlass.example.com' };
    const { manifests } = await render({ ...leastValues, access: { oidc }, dashboard });
    const api = component(manifests, 'api');
    expect(configOf(api)).toMatchObject({
      dashboardUrl: dashboard.url,
      access: { oidc: { clientSecretFile: '/etc/windlass/oidc-client/client-secret' } },
    });
    const { volumes, containers } = api.spec.template.spec;
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'oidc-client',
      mountPath: '/etc/windlass/oidc-client',
      readOnly: true,
    });
    expect(volumes).toContainEqual({
      name: 'oidc-client',
      secret: {
        secretName: 'dex-client',
        defaultMode: 0o440,
        items: [{ key: 'client-secret', path: 'client-secret' }],
      },
    });
    expect(flagsOf(component(manifests, 'worker'))).not.toHaveProperty('oidc-client-secret-file');
  });

  it('adds no file and no issuer by default', async () => {
    const { manifests } = await render();
    for (const workload of workloads(manifests)) {
      expect(flagsOf(workload)).not.toHaveProperty('access-policy-file');
      expect(flagsOf(workload)).not.toHaveProperty('oidc-issuer-url');
    }
  });

  it('refuses a rule with a verb that there is not', async () => {
    const rule = { subjects: [{ user: 'a' }], namespaces: ['a'], verbs: ['aprove'] };
    await expect(render({ ...leastValues, access: { policy: { rules: [rule] } } })).rejects.toThrow(
      "at '/access/policy/rules/0/verbs/0': value must be one of 'get', 'promote'",
    );
  });
});
