import { eventually } from '../support/eventually';
import { type KubeApiServer } from '../support/kube-api-server';
import { createNamespaces, type KubeObject, tryApply } from '../support/kube-objects';
import { installFluxCrds } from '../support/notification-controller';
import { letAlertsNamePipelines, startCluster } from './cluster';
import { documentedManifests } from './documented-manifests';

let cluster: KubeApiServer;
beforeAll(async () => {
  cluster = await startCluster();
  const namespaces = documentedManifests.flatMap(({ object }) => object.metadata.namespace ?? []);
  await createNamespaces(cluster, ...new Set(namespaces));
}, 240_000);
afterAll(() => cluster.close());

describe('the manifests in the documentation', () => {
  it('are of every kind that people have to write', () => {
    const kinds = new Set(documentedManifests.map(({ object }) => object.kind));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['Pipeline', 'Secret', 'HelmRelease', 'Provider', 'Alert', 'RoleBinding']),
    );
  });

  it.each(documentedManifests)('are taken by the API server: $place', async ({ object }) => {
    const { status, body } = await tryApply(cluster, object, { dryRun: true });
    expect({ status, body }).toEqual({ status: 201, body: expect.objectContaining({ kind: object.kind }) });
  });
});

describe("Flux's stock CustomResourceDefinition of Alerts, applied over the patch of docs/flux.md", () => {
  const alert = (name: string, eventSeverity = 'info'): KubeObject & Readonly<Record<string, unknown>> => ({
    apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
    kind: 'Alert',
    metadata: { name, namespace: 'default' },
    spec: { providerRef: { name }, eventSeverity, eventSources: [{ kind: 'Pipeline', name: 'my-app' }] },
  });

  afterAll(() => letAlertsNamePipelines(cluster));

  it('refuses new Alerts on Pipelines, and leaves those that there are', async () => {
    expect(await tryApply(cluster, alert('before'))).toMatchObject({ status: 201 });
    await installFluxCrds(cluster);
    // The API server goes on serving the patched schema for a moment.
    await eventually(async () => {
      const { status, body } = await tryApply(cluster, alert('after'), { dryRun: true });
      expect({ status, body }).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining('spec.eventSources[0].kind') as unknown },
      });
    });
    expect(await tryApply(cluster, alert('before', 'error'))).toMatchObject({ status: 200 });
  });
});
