import { type Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../workflows/contract/search-attributes';
import { retryUntilDone } from './retry-until-done';

const attemptLimitMs = 5_000;
const backOff = { firstMs: 1_000, longestMs: 60_000 };

/**
 * Creates the search attributes of Windlass that the namespace does not have. Without them no promotion can run, so the
 * worker calls this before it polls.
 * @throws Error that names what is missing and the command for an administrator
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
    throw new Error(
      `The Temporal namespace ${namespace} does not have the search attributes ${missing.join(', ')}, and Windlass has no permission to create them. ` +
        `Ask an administrator to run: temporal operator search-attribute create --namespace ${namespace} ` +
        missing.map((name) => `--name ${name} --type Keyword`).join(' '),
      { cause: error },
    );
  }
}

/**
 * The same for the api, which also starts without Temporal: retries until it is done or closed. Temporal rejects events
 * without the search attributes, and the first worker may start much later.
 * @param onFailure called for each failed attempt
 */
export function ensureSearchAttributesSoon(
  client: Client,
  onFailure: (error: unknown) => void,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const attempt = () =>
    client.connection.withAbortSignal(signal, () =>
      client.connection.withDeadline(Date.now() + attemptLimitMs, () => ensureSearchAttributes(client)),
    );
  const done = retryUntilDone(attempt, backOff, onFailure, signal).catch(() => undefined);
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
