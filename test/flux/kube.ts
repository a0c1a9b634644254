/** What the scenarios do to objects in the cluster, as people do it with kubectl and flux. */
import { randomUUID } from 'node:crypto';
import { type KubeApiServer } from '../support/kube-api-server';
import { withinAStep } from './within-a-step';

const paths = {
  ConfigMap: 'api/v1 configmaps',
  HelmRelease: 'apis/helm.toolkit.fluxcd.io/v2 helmreleases',
  Kustomization: 'apis/kustomize.toolkit.fluxcd.io/v1 kustomizations',
  GitRepository: 'apis/source.toolkit.fluxcd.io/v1 gitrepositories',
  HelmRepository: 'apis/source.toolkit.fluxcd.io/v1 helmrepositories',
  HelmChart: 'apis/source.toolkit.fluxcd.io/v1 helmcharts',
  OCIRepository: 'apis/source.toolkit.fluxcd.io/v1 ocirepositories',
  Pipeline: 'apis/pipelines.weave.works/v1alpha1 pipelines',
} as const satisfies Record<string, string>;

type Kind = keyof typeof paths;

export interface Identity {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

function pathOf({ kind, namespace, name }: Identity): string {
  const [version, plural] = paths[kind].split(' ');
  return `/${version}/namespaces/${namespace}/${plural}/${name}`;
}

/** @returns undefined where there is none. The shape of the answer is the caller's claim. */
export async function read<T>(cluster: KubeApiServer, object: Identity): Promise<T | undefined> {
  const { status, body } = await cluster.request('GET', pathOf(object));
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${pathOf(object)}: ${status} ${JSON.stringify(body)}`);
  return body as T;
}

/** As `kubectl delete` does. */
export async function remove(cluster: KubeApiServer, object: Identity): Promise<void> {
  const { status, body } = await cluster.request('DELETE', pathOf(object));
  if (status !== 200) throw new Error(`DELETE ${pathOf(object)}: ${status} ${JSON.stringify(body)}`);
}

/** As `kubectl patch --type merge` does. */
async function patch(cluster: KubeApiServer, object: Identity, change: object): Promise<void> {
  const answer = await cluster.request('PATCH', pathOf(object), change, 'application/merge-patch+json');
  if (answer.status !== 200) {
    throw new Error(`PATCH ${pathOf(object)}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

/** As `flux suspend` and `flux resume` do. */
export function suspend(cluster: KubeApiServer, object: Identity, isSuspended = true): Promise<void> {
  return patch(cluster, object, { spec: { suspend: isSuspended } });
}

/** As `flux reconcile` does: is done once the request was handled. */
export async function reconcile(cluster: KubeApiServer, object: Identity): Promise<void> {
  const requestedAt = randomUUID();
  const annotations = { 'reconcile.fluxcd.io/requestedAt': requestedAt };
  await patch(cluster, object, { metadata: { annotations } });
  await withinAStep(async () => {
    const found = await read<{ status?: { lastHandledReconcileAt?: string } }>(cluster, object);
    return found?.status?.lastHandledReconcileAt === requestedAt;
  });
}
