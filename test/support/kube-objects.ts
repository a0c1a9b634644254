import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { eventually } from './eventually';
import { type ApiAnswer, type KubeApiServer } from './kube-api-server';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const pathIn = (namespace: string, plural: string, name: string) =>
  `/apis/pipelines.weave.works/v1alpha1/namespaces/${namespace}/${plural}${name && `/${name}`}`;
export const pipelinesPath = (namespace: string, name = '') => pathIn(namespace, 'pipelines', name);
export const freezesPath = (namespace: string, name = '') => pathIn(namespace, 'freezes', name);

const readCrd = (plural: string) =>
  readFile(path.join(__dirname, `../../charts/windlass/crds/pipelines.weave.works_${plural}.yaml`), 'utf8');

/** The objects of a text with several YAML documents. */
export function objectsIn(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml, { merge: true })
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** Where the API server has an object, by its discovery. */
async function pathOf(server: KubeApiServer, { apiVersion, kind, metadata }: KubeObject): Promise<string> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await server.request('GET', group);
  const { resources = [] } = body as {
    resources?: { kind: string; name: string; namespaced: boolean }[];
  };
  const resource = resources.find((known) => known.kind === kind && !known.name.includes('/'));
  if (resource === undefined) throw new Error(`The API server knows no ${kind} in ${apiVersion}.`);
  const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${group}${scope}/${resource.name}/${metadata.name}`;
}

/** Applies one object on the server's side, as `kubectl apply --server-side --force-conflicts` does. */
export async function tryApply(
  server: KubeApiServer,
  object: KubeObject,
  { dryRun = false } = {},
): Promise<ApiAnswer> {
  const query = `?fieldManager=tests&force=true&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  const target = (await pathOf(server, object)) + query;
  return server.request('PATCH', target, object, 'application/apply-patch+yaml');
}

/** Applies all objects of a text. @throws Error with the API server's answer if it refuses one */
export async function apply(server: KubeApiServer, yaml: string): Promise<void> {
  for (const object of objectsIn(yaml)) {
    const { status, body } = await tryApply(server, object);
    if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${JSON.stringify(body)}`);
  }
}

export async function createNamespaces(server: KubeApiServer, ...names: string[]): Promise<void> {
  for (const name of names)
    await apply(server, `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name} } }`);
}

/** Applies a CustomResourceDefinition of Pipelines, and waits until Pipelines can be read. */
export async function installPipelineCrd(server: KubeApiServer, yaml?: string): Promise<void> {
  await apply(server, yaml ?? (await readCrd('pipelines')));
  await eventually(async () => (await server.request('GET', pipelinesPath('default'))).status === 200);
}

/** The same for Freezes. */
export async function installFreezeCrd(server: KubeApiServer): Promise<void> {
  await apply(server, await readCrd('freezes'));
  await eventually(async () => (await server.request('GET', freezesPath('default'))).status === 200);
}

/** Gives the user `windlass` rights; in one namespace, or in all. */
export async function grant(
  server: KubeApiServer,
  name: string,
  rules: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[],
  namespace?: string,
): Promise<void> {
  const scope = namespace === undefined ? 'Cluster' : '';
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const apiGroup = 'rbac.authorization.k8s.io';
  const objects = [
    { apiVersion, kind: `${scope}Role`, metadata, rules },
    {
      apiVersion,
      kind: `${scope}RoleBinding`,
      metadata,
      roleRef: { apiGroup, kind: `${scope}Role`, name },
      subjects: [{ apiGroup, kind: 'User', name: 'windlass' }],
    },
  ];
  await apply(server, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
}

export const readPipelines = {
  apiGroups: ['pipelines.weave.works'],
  resources: ['pipelines'],
  verbs: ['list', 'watch'],
};
export const readFreezes = { ...readPipelines, resources: ['freezes'] };
export const getSecrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
