import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';

/** The part of a kubeconfig's users that the client library does not read. */
const tokenFiles = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .nullish(),
});

/**
 * The access to the API server: by kubeconfig files, or as the Pod's ServiceAccount.
 * @param files kubeconfigs that are merged as kubectl merges those of `KUBECONFIG`; none: in-cluster
 * @throws Error that says which file can't be used
 */
export function loadKubeConfig(files: readonly string[]): KubeConfig {
  const kubeConfig = new KubeConfig();
  if (files.length === 0) kubeConfig.loadFromCluster();
  else kubeConfig.loadFromOptions({ clusters: [], users: [], contexts: [], currentContext: '' });
  for (const file of files) {
    try {
      merge(kubeConfig, loadFile(file));
    } catch (error) {
      throw new Error(`The kubeconfig ${file} cannot be used: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }
  if (kubeConfig.getCurrentCluster() === null) {
    throw new Error(`The kubeconfig ${files.join(', ')} has no current context with a cluster.`);
  }
  return kubeConfig;
}

function loadFile(file: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(file);
  const { users } = tokenFiles.parse(parse(readFileSync(file, 'utf8')));
  const tokenFileOf = new Map(users?.map(({ name, user }) => [name, user?.tokenFile]));
  kubeConfig.users = kubeConfig.users.map((user) => {
    const tokenFile = tokenFileOf.get(user.name);
    if (tokenFile === undefined) return user;
    // As the library itself does for the Pod's ServiceAccount.
    const authProvider = {
      name: 'tokenFile',
      config: { tokenFile: path.resolve(path.dirname(file), tokenFile) },
    };
    return { ...user, authProvider };
  });
  return kubeConfig;
}

/** The first file that says something wins. */
function merge(into: KubeConfig, from: KubeConfig): void {
  const isNew = (known: readonly { readonly name: string }[]) => (entry: { readonly name: string }) =>
    known.every(({ name }) => name !== entry.name);
  into.clusters = [...into.clusters, ...from.clusters.filter(isNew(into.clusters))];
  into.users = [...into.users, ...from.users.filter(isNew(into.users))];
  into.contexts = [...into.contexts, ...from.contexts.filter(isNew(into.contexts))];
  if (!into.currentContext && from.currentContext) into.currentContext = from.currentContext;
}
