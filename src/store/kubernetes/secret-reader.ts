import { type KubeConfig } from '@kubernetes/client-node';
import { LRUCache } from 'lru-cache';
import { type SecretData } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { namespaceName, objectName } from '../../resources/object-schema';
import { readSecretManifest } from '../../resources/secret-schema';
import { parse } from '../../kubernetes/api-answers';
import { openAnswer, readWhole } from '../../kubernetes/api-connection';
import { ApiRefusal, describeApiFailure, UnexpectedAnswer } from '../../kubernetes/api-failure';

/** A burst of events causes one read; a rotated key takes effect soon. */
const keptMs = 5_000;
const keptBytes = 8 * 1024 * 1024;
/** A Secret has up to 1 MiB, in base64, and annotations. */
const maxAnswerBytes = 4 * 1024 * 1024;
/** Shorter than the webhook's own limit, so that it answers 503 and the sender retries. */
const timeoutMs = 4_000;

interface KeptSecret {
  /** Absent: the Secret does not exist. */
  readonly data?: SecretData;
}

interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

/** Reads Secrets from the API server on demand and keeps them for a few seconds. */
export class SecretReader {
  readonly #kubeConfig: KubeConfig;
  readonly #stop = new AbortController();
  readonly #kept: LRUCache<string, KeptSecret, SecretRef>;

  constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
    this.#kept = new LRUCache({
      ttl: keptMs,
      // Secrets do not stay in memory when they are not in use.
      ttlAutopurge: true,
      maxSize: keptBytes,
      sizeCalculation: ({ data }) =>
        Object.values(data ?? {}).reduce((sum, { length }) => sum + length, 1_000),
      // A value evicted by others is still the answer.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _stale, { context }) => this.#fetch(context),
    });
  }

  /** @throws WindlassError store-unavailable */
  async read(namespace: string, name: string): Promise<SecretData | undefined> {
    // Secrets cannot have other names, and other text must not become part of a path.
    const isPossible = namespaceName.safeParse(namespace).success && objectName.safeParse(name).success;
    if (!isPossible) return undefined;
    const kept = await this.#kept.fetch(`${namespace}/${name}`, { context: { namespace, name } });
    return kept?.data;
  }

  /** Makes the next reads go to the API server. */
  forget(namespace: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(`${namespace}/`)) this.#kept.delete(key);
  }

  close(): void {
    this.#stop.abort();
    this.#kept.clear();
  }

  async #fetch({ namespace, name }: SecretRef): Promise<KeptSecret> {
    try {
      const answer = await openAnswer(this.#kubeConfig, {
        path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
        headTimeoutMs: timeoutMs,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(2 * timeoutMs)]),
      });
      const object = parse((await readWhole(answer, maxAnswerBytes)).toString('utf8'));
      const { value } = readSecretManifest(object);
      if (value === undefined) throw new UnexpectedAnswer('an answer that is not a Secret');
      return { data: value.data };
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return {};
      throw unreadable({ namespace, name }, error);
    }
  }
}

function unreadable({ namespace, name }: SecretRef, cause: unknown): WindlassError {
  const secret = `The Secret ${namespace}/${name}`;
  const isForbidden = cause instanceof ApiRefusal && cause.status === 403;
  const fault = isForbidden
    ? `${secret} cannot be read: grant Windlass's ServiceAccount the permission to get Secrets in namespace ${namespace}.`
    : `${secret} cannot be read from the API server: ${describeApiFailure(cause)}.`;
  return new WindlassError('store-unavailable', fault, { cause });
}
