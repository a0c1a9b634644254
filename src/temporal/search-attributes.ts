import { type Client, isGrpcServiceError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { type BackOff } from '../domain/back-off';
import { redact } from '../domain/network/redact';
import { attributeTypes, searchAttributes } from '../workflows/contract/search-attributes';
import { retryUntilDone } from './retry-until-done';

const { INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_DATETIME } = temporal.api.enums.v1.IndexedValueType;
const indexedTypes = { KEYWORD: INDEXED_VALUE_TYPE_KEYWORD, DATETIME: INDEXED_VALUE_TYPE_DATETIME };

type Attribute = (typeof searchAttributes)[number];

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
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedTypes[type]])),
    });
  } catch (error) {
    throw whyNotMade(error, namespace, missing);
  }
}

function whyNotMade(error: unknown, namespace: string, missing: readonly Attribute[]): unknown {
  if (!isGrpcServiceError(error)) return error;
  const code: number = error.code;
  const { details } = error;
  const lacks = `The Temporal namespace ${namespace} does not have the search attributes ${missing.map(({ name }) => name).join(', ')}`;
  // SQL visibility has ten columns for Keyword attributes, and three for times; the command of an administrator would fail the same way.
  const full = /cannot have more than \d+ search attributes?(?: of type (\w+))?/i.exec(details);
  if (code === invalidArgument && full !== null) {
    const more = roomFor(missing, full[1]);
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
      missing.map(({ name, type }) => `--name ${name} --type ${attributeTypes[type]}`).join(' '),
    { cause: error },
  );
}

/** @param type of which there are too many, where Temporal says so */
function roomFor(missing: readonly Attribute[], type: string | undefined): string {
  const counts = Object.values(attributeTypes)
    .filter((name) => type === undefined || name === type)
    .map((name) => ({ name, count: missing.filter((each) => attributeTypes[each.type] === name).length }))
    .filter(({ count }) => count > 0);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const each = counts.map(({ name, count }) => `${count} more ${name}`).join(' and ');
  return `${each} attribute${total === 1 ? '' : 's'}`;
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

async function missingAttributes(client: Client): Promise<Attribute[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return searchAttributes.filter(({ name }) => customAttributes[name] === undefined);
}
