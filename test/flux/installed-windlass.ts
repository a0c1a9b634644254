/** Windlass's chart, installed as docs/kubernetes/install.md says; its Pods, which no node runs, are processes instead. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { serviceAccountToken } from '../support/service-account-token';
import { type KubeApiServer } from '../support/kube-api-server';
import { type Helm } from './helm-program';

const chart = path.join(__dirname, '../../charts/windlass');
const namespace = 'windlass';

/** Files, each a kubeconfig with the rights of the ServiceAccount that the chart made. */
export type Kubeconfigs = Readonly<Record<'api' | 'worker', string>>;

export async function installWindlass(
  helm: Helm,
  cluster: KubeApiServer,
  directory: string,
): Promise<Kubeconfigs> {
  const admin = path.join(directory, 'kubeconfig-admin');
  await writeFile(admin, cluster.kubeconfig('admin'));
  const settings = ['--set', 'temporal.address=temporal-frontend.temporal.svc:7233'];
  await helm(
    ['upgrade', '--install', 'windlass', chart, '--namespace', namespace, '--create-namespace', ...settings],
    { KUBECONFIG: admin },
  );
  const kubeconfigOf = async (part: 'api' | 'worker') => {
    const token = await serviceAccountToken(cluster, namespace, `windlass-${part}`);
    const file = path.join(directory, `kubeconfig-${part}`);
    await writeFile(file, withToken(cluster.kubeconfig('admin'), token));
    return file;
  };
  return { api: await kubeconfigOf('api'), worker: await kubeconfigOf('worker') };
}

function withToken(kubeconfig: string, token: string): string {
  const parsed = JSON.parse(kubeconfig) as { users: readonly { readonly name: string }[] };
  return JSON.stringify({ ...parsed, users: parsed.users.map(({ name }) => ({ name, user: { token } })) });
}
