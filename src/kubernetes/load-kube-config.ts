import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';

/** The fields of a kubeconfig's users that the client library does not read. */
const tokenFiles = z.looseObject({
  users: z
    .array(
      z.looseObject({
        name: z.string(),
        user: z.looseObject({ tokenFile: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
});

/**
 * Loads the access to the API server, from kubeconfig files or the Pod's ServiceAccount.
 * @param files kubeconfigs, merged as kubectl merges those of `KUBECONFIG`; none: in-cluster
 * @throws Error that names the file that cannot be used, without its content
 */
export async function loadKubeConfig(files: readonly string[]): Promise<KubeConfig> {
  // The library costs half a second and 70 MB; an installation with a directory of Pipelines does not need it.
  const library = await import('@kubernetes/client-node');
  const kubeConfig = new library.KubeConfig();
  if (files.length === 0) {
    kubeConfig.loadFromCluster();
    return kubeConfig;
  }
  kubeConfig.loadFromOptions({ clusters: [], users: [], contexts: [], currentContext: '' });
  for (const file of files) {
    const one = new library.KubeConfig();
    try {
      one.loadFromFile(file);
      one.users = withTokenFiles(one.users, await tokenFilesIn(file));
    } catch (error) {
      throw new Error(`The kubeconfig ${file} cannot be used: ${describe(error)}.`);
    }
    merge(kubeConfig, one);
  }
  if (kubeConfig.getCurrentCluster() === null) {
    throw new Error(`The kubeconfig ${files.join(', ')} has no current context with a cluster.`);
  }
  return kubeConfig;
}

/** By the user's name, as absolute paths. */
async function tokenFilesIn(file: string): Promise<ReadonlyMap<string, string>> {
  const { users } = tokenFiles.parse(parse(await readFile(file, 'utf8')));
  return new Map(
    users?.flatMap(({ name, user }): [string, string][] =>
      user?.tokenFile === undefined ? [] : [[name, path.resolve(path.dirname(file), user.tokenFile)]],
    ),
  );
}

function withTokenFiles(users: KubeConfig['users'], files: ReadonlyMap<string, string>): KubeConfig['users'] {
  return users.map((user) => {
    const tokenFile = files.get(user.name);
    // The library's representation of the Pod's ServiceAccount.
    return tokenFile === undefined
      ? user
      : { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
  });
}

/** The first file with a value wins. */
function merge(into: KubeConfig, from: KubeConfig): void {
  into.clusters = [...into.clusters, ...unknownTo(into.clusters, from.clusters)];
  into.users = [...into.users, ...unknownTo(into.users, from.users)];
  into.contexts = [...into.contexts, ...unknownTo(into.contexts, from.contexts)];
  if (!into.currentContext && from.currentContext) into.currentContext = from.currentContext;
}

function unknownTo<T extends { readonly name: string }>(known: readonly T[], entries: readonly T[]): T[] {
  const names = new Set(known.map(({ name }) => name));
  return entries.filter(({ name }) => !names.has(name));
}

/** The message of a parser quotes the file, which contains credentials. */
function describe(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (syscall !== undefined) return `it cannot be read (${code ?? syscall})`;
  return /^[\w.[\]]+ is missing$/.test(message) ? message : 'it is not a kubeconfig';
}
