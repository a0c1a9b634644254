import { type SecretData } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { secretValueFault } from '../../domain/secret-value';
import { type PipelineStore } from '../../store/pipeline-store';

/**
 * The keys of a Secret. To rotate: move the old secret to `webhook-secret-previous`, put the new one into
 * `webhook-secret`, give it to the service, then remove the old.
 */
const secretKeys = ['webhook-secret', 'webhook-secret-previous'] as const;

/** Secrets that one delivery can make us read: a repository with more references has no webhook for the others. */
const maxSecrets = 50;

/** A secret, with the repositories whose deliveries it proves. */
export interface HookSecret {
  readonly value: Uint8Array;
  readonly repositories: readonly FollowedRepository[];
}

export interface HookSecrets {
  /** Each value once. */
  readonly secrets: readonly HookSecret[];
  /** Why a Secret could not be read. */
  readonly unreadable: WindlassError | undefined;
}

/**
 * Reads the webhook secrets of the references to a repository. Reads one Secret also where there is no reference, so
 * that an unknown repository costs the same work.
 */
export async function readHookSecrets(
  store: Pick<PipelineStore, 'secret'>,
  repositories: readonly FollowedRepository[],
): Promise<HookSecrets> {
  if (repositories.length === 0) {
    await store.secret('default', 'no-such-secret').catch(storeFailure);
    return { secrets: [], unreadable: undefined };
  }
  const bySecret = Map.groupBy(repositories, ({ namespace, secretName }) => `${namespace}/${secretName}`);
  const read = await Promise.all(
    [...bySecret.values()].slice(0, maxSecrets).map(async (group) => {
      const { namespace = '', secretName = '' } = group[0] ?? {};
      const data = await store.secret(namespace, secretName).catch(storeFailure);
      return { group, data };
    }),
  );
  const byValue = new Map<string, { value: Uint8Array; repositories: FollowedRepository[] }>();
  let unreadable: WindlassError | undefined;
  for (const { group, data } of read) {
    if (data instanceof WindlassError) {
      unreadable = data;
      continue;
    }
    for (const value of usableSecrets(data)) {
      const text = Buffer.from(value).toString('base64');
      const known = byValue.get(text) ?? { value, repositories: [] };
      known.repositories.push(...group);
      byValue.set(text, known);
    }
  }
  return { secrets: [...byValue.values()], unreadable };
}

/** @throws any other error */
function storeFailure(error: unknown): WindlassError {
  if (error instanceof WindlassError && error.code === 'store-unavailable') return error;
  throw error;
}

/** Without line ends, which a field of a web page cannot have; each once. */
function usableSecrets(data: SecretData | undefined): readonly Uint8Array[] {
  return secretKeys.flatMap((key) => {
    const value = data?.[key];
    if (value === undefined || secretValueFault(value) !== undefined) return [];
    return [value.subarray(0, value.findLastIndex((byte) => byte !== 0x0a && byte !== 0x0d) + 1)];
  });
}
