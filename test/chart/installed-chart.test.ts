import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import { apply, createNamespaces, installPipelineCrd, objectsIn, tryApply } from '../support/kube-objects';
import { allInOneValues, leastValues, render, type Values } from './helm';
import { workloads } from './manifests';
import { everything } from './values-with-everything';

const home = 'windlass-system';
let server: KubeApiServer;

beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'apps', 'more-apps', 'other', 'temporal');
  await apply(server, restrictedNamespace(home));
});

afterAll(() => server.close());

const restrictedNamespace = (name: string) => `
  apiVersion: v1
  kind: Namespace
  metadata: { name: ${name}, labels: { pod-security.kubernetes.io/enforce: restricted } }
`;

const setups: [string, Values, readonly string[]][] = [
  ['the least values', leastValues, []],
  ['every value set', everything, []],
  ['values-all-in-one.yaml', {}, [allInOneValues]],
];

describe.each(setups)('installed with %s', (name, values, valuesFiles) => {
  it('every manifest is taken by the API server, which knows each of its fields', async () => {
    const { yaml } = await render(values, { release: 'checked', namespace: home, valuesFiles });
    const refusals: unknown[] = [];
    for (const object of objectsIn(yaml)) {
      const { status, body } = await tryApply(server, object);
      if (status >= 300) refusals.push(body);
    }
    expect(refusals).toEqual([]);
  });

  it('its Pods are let into a namespace for restricted ones', async () => {
    const { manifests } = await render(values, { namespace: home, valuesFiles });
    for (const [index, { spec }] of workloads(manifests).entries()) {
      const pod = podOf(spec.template, `${name.replaceAll(/[^a-z]+/g, '-')}-${index}`);
      expect(await createPod(pod)).toMatchObject({ status: 201 });
    }
  });
});

describe('the namespace for restricted Pods', () => {
  it('keeps others out, so that the tests above can fail', async () => {
    const { manifests } = await render({ ...leastValues });
    const { metadata, spec } = workloads(manifests)[0]!.spec.template;
    const root = { ...spec, securityContext: { ...(spec.securityContext as object), runAsNonRoot: false } };
    expect(await createPod(podOf({ metadata, spec: root }, 'root'))).toMatchObject({ status: 403 });
  });
});

function podOf(template: { readonly metadata: object; readonly spec: object }, name: string): object {
  const volumes = (template.spec as { volumes: readonly { name: string }[] }).volumes;
  // A StatefulSet adds the volume that its Pod has a claim on.
  const data = volumes.some((volume) => volume.name === 'data') ? [] : [{ name: 'data', emptyDir: {} }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name },
    spec: { ...template.spec, volumes: [...volumes, ...data] },
  };
}

const createPod = (pod: object) => server.request('POST', `/api/v1/namespaces/${home}/pods`, pod);
