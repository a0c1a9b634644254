import { readCapabilityKeys } from '../../src/resources/capability-keys-schema';
import { allInOneValues, leastValues, render } from './helm';
import { component, find, flagsOf, type Manifest } from './manifests';

interface Secret extends Manifest {
  readonly stringData: Readonly<Record<string, string>>;
}

const mountPath = '/etc/windlass/capability';
const hour = 3_600_000;

it('the chart makes a key that api and worker read, and keeps it', async () => {
  const { manifests } = await render({ ...leastValues }, { release: 'shop' });
  const secret = find(manifests, 'Secret', 'shop-windlass-capability-key') as Secret;
  expect(secret.metadata).toMatchObject({ annotations: { 'helm.sh/resource-policy': 'keep' } });
  const { value, faults } = readCapabilityKeys(secret.stringData['keys.yaml'] ?? '', 'keys.yaml');
  expect(faults).toEqual([]);
  expect(value?.keys[0].key).toHaveLength(32);
  const left = (value?.acceptUnsignedBefore ?? 0) - Date.now();
  expect(left > 0 && left <= hour).toBe(true);
  for (const name of ['api', 'worker'] as const) {
    const workload = component(manifests, name);
    expect(flagsOf(workload)['capability-key-file']).toBe(`${mountPath}/keys.yaml`);
    const { volumes, containers } = workload.spec.template.spec;
    expect(containers[0].volumeMounts).toContainEqual({ name: 'capability-key', mountPath, readOnly: true });
    expect(volumes).toContainEqual({
      name: 'capability-key',
      secret: {
        secretName: 'shop-windlass-capability-key',
        defaultMode: 0o440,
        items: [{ key: 'keys.yaml', path: 'keys.yaml' }],
      },
    });
  }
});

it('makes another key for each installation', async () => {
  const keyOf = async (): Promise<string | undefined> => {
    const { manifests } = await render();
    return (manifests.find(({ kind }) => kind === 'Secret') as Secret | undefined)?.stringData['keys.yaml'];
  };
  expect(await keyOf()).not.toBe(await keyOf());
});

it('uses a Secret of your own, and makes none', async () => {
  const { manifests } = await render({ ...leastValues, capabilityKey: { existingSecret: 'own' } });
  expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  const { volumes } = component(manifests, 'worker').spec.template.spec;
  expect(volumes).toContainEqual(
    expect.objectContaining({ secret: expect.objectContaining({ secretName: 'own' }) as unknown }),
  );
});

it('leaves the key to the program in all-in-one mode, unless it is given', async () => {
  const own = await render({}, { valuesFiles: [allInOneValues] });
  expect(flagsOf(component(own.manifests, 'all-in-one'))).not.toHaveProperty('capability-key-file');
  const given = await render({ capabilityKey: { existingSecret: 'own' } }, { valuesFiles: [allInOneValues] });
  expect(flagsOf(component(given.manifests, 'all-in-one'))['capability-key-file']).toBe(
    `${mountPath}/keys.yaml`,
  );
});
