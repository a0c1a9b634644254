import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { retryUntilDone } from './retry-until-done';

/** Between two tries of a worker to connect. */
const workerBackOff = { firstMs: 500, longestMs: 10_000 };

/** The address of the Temporal server and the credentials for it. */
export interface TemporalTarget {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  readonly credentials: Pick<NativeConnectionOptions, 'tls' | 'apiKey' | 'metadata'>;
}

/** After an outage, gRPC waits up to two minutes before it reconnects; the webhook's senders give up after 15 s. */
const maxReconnectBackoffMs = 1_000;

/** For the embedded server: loopback, no TLS. */
export function temporalTargetAt(address: string, namespace: string): TemporalTarget {
  return { address, namespace, credentials: {} };
}

/** A client that connects at its first call, and reconnects within about a second after an outage. */
export function createTemporalClient(target: TemporalTarget): Client {
  const { tls, apiKey, metadata } = target.credentials;
  const connection = Connection.lazy({
    address: target.address,
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata }),
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': maxReconnectBackoffMs,
    },
  });
  return new Client({ connection, namespace: target.namespace });
}

/**
 * Opens the worker's connection; retries until Temporal answers, because Temporal may start after its workers. If a
 * worker ended instead, Kubernetes would restart it after ever longer delays.
 * @param onFailure called for each failed attempt
 */
export async function connectWorker(
  target: TemporalTarget,
  onFailure: (error: unknown) => void,
): Promise<NativeConnection> {
  return retryUntilDone(
    () => NativeConnection.connect({ address: target.address, ...target.credentials }),
    workerBackOff,
    onFailure,
  );
}
