import { type SecretData } from '../../src/domain/credentials';
import { type Freeze } from '../../src/domain/freezes/freeze';
import { type Pipeline, formatPipelineRef } from '../../src/domain/pipeline/pipeline';
import { RepositoryIndex } from '../../src/store/repository-index';
import { type IndexedPipelineStore } from '../../src/store/pipeline-store';

/** A store that holds what a test puts into it; `secrets` by `namespace/name`, as text or bytes. */
export function memoryStore(
  pipelines: readonly Pipeline[],
  secrets: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>> = {},
  freezes: readonly Freeze[] = [],
): IndexedPipelineStore {
  const decodedSecrets = new Map(Object.entries(secrets).map(([name, secret]) => [name, decoded(secret)]));
  const byRef = new Map(pipelines.map((pipeline) => [formatPipelineRef(pipeline), pipeline]));
  const repositories = new RepositoryIndex();
  for (const [key, pipeline] of byRef) repositories.set(key, pipeline);
  return {
    repositories: (provider, url) => Promise.resolve(repositories.find(provider, url)),
    pipeline: (ref) => Promise.resolve(byRef.get(formatPipelineRef(ref))),
    freezes: (namespace) =>
      Promise.resolve(
        freezes.filter((freeze) => freeze.namespace === namespace || freeze.allNamespaces === true),
      ),
    list: () => pipelines.map((pipeline) => ({ valid: true, pipeline })),
    subscribe: () => undefined,
    subscribeFreezes: () => undefined,
    secret: (namespace, name) => Promise.resolve(decodedSecrets.get(`${namespace}/${name}`)),
    ready: () => true,
    close: () => Promise.resolve(),
  };
}

function decoded(secret: Readonly<Record<string, string | Uint8Array>>): SecretData {
  return Object.fromEntries(
    Object.entries(secret).map(([key, value]) => [
      key,
      typeof value === 'string' ? new TextEncoder().encode(value) : value,
    ]),
  );
}
