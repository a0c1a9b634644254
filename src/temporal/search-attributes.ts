import { type Client, isGrpcServiceError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { type BackOff } from '../domain/back-off';
import { redact } from '../domain/network/redact';
import { searchAttributes } from '../workflows/contract/search-attributes';
import { retryUntilDone } from './retry-until-done';

const attemptLimitMs = 5_000;
const defaultBackOff = { firstMs: 1_000, longestMs: 10_000 };

/** The namespace does not have the search attributes, and Windlass cannot create them. The message says what to do. */
export class SearchAttributesMissing extends Error {
  override readonly name = 'SearchAttributesMissing';
}

/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/). */
const invalidArgument = 3;
const permissionDenied = 7;
const unimplemented = 12;

/**
 * Creates the search attributes of Windlass that the namespace does not have. Without them no promotion can run, so the
 * worker calls this before it polls.
 * @throws SearchAttributesMissing where Temporal does not let Windlass make them; gRPC's error where it does not answer
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const missing = await missingAttributes(client);
  if (missing.length === 0) return;
  try {
    await client.connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(
        missing.map((name) => [name, temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
      ),
    });
  } catch (error) {
    throw whyNotMade(error, namespace, missing);
  }
}

function whyNotMade(error: unknown, namespace: string, missing: readonly string[]): unknown {
  if (!isGrpcServiceError(error)) return error;
  const code: number = error.code;
  const { details } = error;
  const lacks = `The Temporal namespace ${namespace} does not have the search attributes ${missing.join(', ')}`;
  // SQL visibility has ten columns for Keyword attributes; the command of an administrator would fail the same way.
  if (code === invalidArgument && /cannot have more than \d+ search attributes?/i.test(details)) {
    const more = `${missing.length} more Keyword attribute${missing.length === 1 ? '' : 's'}`;
    return new SearchAttributesMissing(
      `${lacks}, and this namespace has no room for ${more}: give Windlass one of its own (TEMPORAL_NAMESPACE). ` +
        `Temporal says: ${redact(details)}`,
      { cause: error },
    );
  }
  if (code !== invalidArgument && code !== permissionDenied && code !== unimplemented) return error;
  return new SearchAttributesMissing(
    `${lacks}, and Windlass has no permission to create them (${redact(details)}). ` +
      `Ask an administrator to run: temporal operator search-attribute create --namespace ${namespace} ` +
      missing.map((name) => `--name ${name} --type Keyword`).join(' '),
    { cause: error },
  );
}

/**
 * The same for the api, which also starts without Temporal: retries until it is done or closed. Temporal rejects events
 * without the search attributes, and the first worker may start much later.
 * @param onFailure called for each failed attempt
 * @param onDone called when they exist
 */
export function ensureSearchAttributesSoon(
  client: Client,
  onFailure: (error: unknown) => void,
  onDone: () => void = () => undefined,
  backOff: BackOff = defaultBackOff,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const attempt = () =>
    // A signal for each try: the client never takes its listeners off again.
    client.connection.withAbortSignal(AbortSignal.any([signal]), () =>
      client.connection.withDeadline(Date.now() + attemptLimitMs, () => ensureSearchAttributes(client)),
    );
  const done = retryUntilDone(attempt, backOff, onFailure, signal)
    .then(onDone)
    .catch(() => undefined);
  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}

async function missingAttributes(client: Client): Promise<string[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return searchAttributes.map(({ name }) => name).filter((name) => customAttributes[name] === undefined);
}
