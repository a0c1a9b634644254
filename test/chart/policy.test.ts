import { readPromotionPolicy } from '../../src/resources/promotion-policy-schema';
import { allInOneValues, leastValues, render, type Values } from './helm';
import { component, find, flagsOf, type Manifest, workloads } from './manifests';

interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>;
}

const policy: Values = {
  rules: [
    {
      name: 'two-people',
      namespaces: ['payments', 'shop-*'],
      environments: ['prod'],
      environmentLabels: { tier: 'production' },
      gates: {
        approvals: { required: 2, groups: ['release-managers'] },
        windows: [{ schedule: '0 9 * * 1-5', duration: '8h', timeZone: 'Europe/Berlin' }],
      },
    },
  ],
};
const mountPath = '/etc/windlass/policy';

describe('policy.rules', () => {
  it.each(['worker', 'api'])('become a file that %s reads', async (name) => {
    const { manifests } = await render({ ...leastValues, policy }, { release: 'shop' });
    const { data } = find(manifests, 'ConfigMap', 'shop-windlass-policy') as ConfigMap;
    expect(Object.keys(data)).toEqual(['policy.yaml']);
    const reading = readPromotionPolicy(data['policy.yaml'] ?? '', 'policy.yaml');
    expect(reading.faults).toEqual([]);
    expect(reading.policy?.rules).toMatchObject([
      { name: 'two-people', namespaces: ['payments', 'shop-*'], gates: { approvals: { required: 2 } } },
    ]);
    const reader = component(manifests, name);
    expect(flagsOf(reader)['policy-file']).toBe(`${mountPath}/policy.yaml`);
    const { volumes, containers } = reader.spec.template.spec;
    // Not by subPath, which the kubelet does not update.
    expect(containers[0].volumeMounts).toContainEqual({ name: 'policy', mountPath, readOnly: true });
    expect(volumes).toContainEqual({ name: 'policy', configMap: { name: 'shop-windlass-policy' } });
  });

  it('are read by the all-in-one Pod as well', async () => {
    const { manifests } = await render({ policy }, { valuesFiles: [allInOneValues] });
    expect(flagsOf(component(manifests, 'all-in-one'))['policy-file']).toBe(`${mountPath}/policy.yaml`);
  });

  it('that are empty add nothing', async () => {
    const { manifests } = await render();
    expect(manifests.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
    for (const workload of workloads(manifests)) expect(flagsOf(workload)).not.toHaveProperty('policy-file');
  });

  it.each<[string, Values, string]>([
    ['without a name', { gates: {} }, "at '/policy/rules/0': missing property 'name'"],
    ['without gates', { name: 'a' }, "at '/policy/rules/0': missing property 'gates'"],
    [
      'with an unknown selector',
      { name: 'a', environment: ['prod'], gates: {} },
      "at '/policy/rules/0': additional properties 'environment' not allowed",
    ],
  ])('refuse a rule %s', async (_what, rule, words) => {
    await expect(render({ ...leastValues, policy: { rules: [rule] } })).rejects.toThrow(words);
  });
});
