import { allInOneValues, leastValues, render, type Values } from './helm';
import { component, type PodSpec, type Workload, workloads } from './manifests';
import { everything } from './values-with-everything';

async function programsWith(values: Values, valuesFiles: readonly string[] = []): Promise<Workload[]> {
  const { manifests } = await render(values, { valuesFiles });
  return workloads(manifests);
}

const podsWith = async (values: Values): Promise<PodSpec[]> =>
  (await programsWith({ ...leastValues, ...values })).map(({ spec }) => spec.template.spec);

describe('the values of every Pod', () => {
  it('add podLabels, which do not replace the labels that select the Pod', async () => {
    const podLabels = { team: 'platform', 'app.kubernetes.io/name': 'other' };
    const programs = await programsWith({ ...leastValues, podLabels });
    expect(programs).toHaveLength(2);
    for (const { spec } of programs) {
      expect(spec.template.metadata.labels).toMatchObject({ team: 'platform', ...spec.selector.matchLabels });
    }
  });

  it('set affinity, priorityClassName and topologySpreadConstraints', async () => {
    const labelSelector = { matchLabels: { team: 'platform' } };
    const spread = { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector };
    const values = {
      affinity: everything['affinity'],
      priorityClassName: 'system-cluster-critical',
      topologySpreadConstraints: [spread],
    };
    for (const pod of await podsWith(values)) expect(pod).toMatchObject(values);
  });

  it('set the pull policy of every container', async () => {
    const image = { pullPolicy: 'Always' };
    const caBundle = { configMapName: 'company-ca' };
    const pods = await podsWith({ controller: { manager: { image } }, caBundle });
    const containers = pods.flatMap(({ initContainers = [], containers: own }) => [
      ...initContainers,
      ...own,
    ]);
    expect(containers.map(({ imagePullPolicy }) => imagePullPolicy)).toEqual(['Always', 'Always', 'Always']);
  });

  it('add nothing by default', async () => {
    for (const pod of await podsWith({})) {
      expect(pod).not.toHaveProperty('affinity');
      expect(pod).not.toHaveProperty('priorityClassName');
      expect(pod).not.toHaveProperty('topologySpreadConstraints');
      expect(pod.containers[0].imagePullPolicy).toBe('IfNotPresent');
    }
  });
});

describe('a topology spread constraint without labelSelector', () => {
  const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };
  const named = { ...spread, labelSelector: { matchLabels: { team: 'platform' } } };
  const forAllPods = { ...spread, labelSelector: {} };

  it('applies to the Pods of its component, and does not change a constraint with one', async () => {
    const programs = await programsWith({
      ...leastValues,
      topologySpreadConstraints: [spread, named, forAllPods],
    });
    for (const { spec } of programs) {
      expect(spec.template.spec.topologySpreadConstraints).toEqual([
        { ...spread, labelSelector: spec.selector },
        named,
        forAllPods,
      ]);
    }
  });
});

describe('serviceAccount.annotations', () => {
  it.each<[string, Values, string[], readonly string[]]>([
    ['api and worker', leastValues, [], ['windlass-api', 'windlass-worker']],
    ['all in one', {}, [allInOneValues], ['windlass-all-in-one']],
  ])('annotate the ServiceAccounts of %s', async (_what, values, valuesFiles, names) => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/windlass' };
    const { manifests } = await render({ ...values, serviceAccount: { annotations } }, { valuesFiles });
    const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map(({ metadata }) => metadata.name)).toEqual(names);
    for (const { metadata } of accounts) expect(metadata.annotations).toEqual(annotations);
    for (const name of names) {
      const { spec } = component(manifests, name.replace('windlass-', ''));
      expect(spec.template.spec.serviceAccountName).toBe(name);
    }
  });
});
