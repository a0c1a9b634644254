/** A cluster as the documentation has people set it up: Pipelines, Flux's Alerts and Windlass's rights. */
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  createNamespaces,
  getSecrets,
  grant,
  installFreezeCrd,
  installPipelineCrd,
  tryApply,
} from '../support/kube-objects';
import { installFluxCrds } from '../support/notification-controller';
import { documentedAlertPatch } from './documented-manifests';

/** What the chart grants a worker. */
export const workerRights = [
  {
    apiGroups: ['pipelines.weave.works'],
    resources: ['freezes', 'pipelines'],
    verbs: ['get', 'list', 'watch'],
  },
  getSecrets,
  { apiGroups: ['pipelines.weave.works'], resources: ['pipelines/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'get', 'patch'] },
];

/** With the rights of a worker for the user `windlass`. */
export async function startCluster(): Promise<KubeApiServer> {
  const server = await startKubeApiServer();
  try {
    await installPipelineCrd(server);
    await installFreezeCrd(server);
    await installFluxCrds(server);
    await letAlertsNamePipelines(server);
    await createNamespaces(server, 'dev', 'staging', 'prod');
    await grant(server, 'windlass', workerRights);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Patches the CustomResourceDefinition of Alerts as docs/flux.md says. */
export async function letAlertsNamePipelines(server: KubeApiServer): Promise<void> {
  const { target, patch } = documentedAlertPatch();
  const crd = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${target}`;
  const { status, body } = await server.request('PATCH', crd, patch, 'application/json-patch+json');
  if (status !== 200) throw new Error(`The patch in docs/flux.md is refused: ${JSON.stringify(body)}`);
  // The API server goes on serving the old schema for a moment.
  await eventually(async () => (await tryApply(server, alertOnPipeline, { dryRun: true })).status < 300);
}

const alertOnPipeline = {
  apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
  kind: 'Alert',
  metadata: { name: 'probe', namespace: 'default' },
  spec: { providerRef: { name: 'probe' }, eventSources: [{ kind: 'Pipeline', name: 'probe' }] },
};
