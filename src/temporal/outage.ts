import { isGrpcServiceError } from '@temporalio/client';
import { type Logger } from 'pino';
import { redact } from '../domain/network/redact';
import { type TemporalTarget } from './connection';
import { SearchAttributesMissing } from './search-attributes';

/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/). */
const notFound = 5;
const permissionDenied = 7;
const unauthenticated = 16;

interface TemporalFault {
  readonly kind: 'unreachable' | 'refused' | 'no-namespace' | 'no-attributes';
  /** In sentences, with the setting to look at. */
  readonly message: string;
}

/** Tells in the log that Temporal cannot be used, once, however often it is tried; and that it can be used again. */
export class TemporalOutage {
  #told: TemporalFault['kind'] | undefined;

  constructor(
    private readonly target: Pick<TemporalTarget, 'address' | 'namespace'>,
    private readonly log: Pick<Logger, 'warn' | 'info'>,
  ) {}

  failed(error: unknown): void {
    const { kind, message } = faultOf(error, this.target);
    if (kind !== this.#told) this.log.warn({ temporal: this.target.address }, message);
    this.#told = kind;
  }

  over(): void {
    const { address } = this.target;
    if (this.#told !== undefined)
      this.log.info({ temporal: address }, `Temporal at ${address} answers again.`);
    this.#told = undefined;
  }
}

function faultOf(
  error: unknown,
  { address, namespace }: Pick<TemporalTarget, 'address' | 'namespace'>,
): TemporalFault {
  if (error instanceof SearchAttributesMissing) return { kind: 'no-attributes', message: error.message };
  const at = `Temporal at ${address}`;
  const service = isGrpcServiceError(error) ? error : undefined;
  const reason = redact(service?.details ?? (error instanceof Error ? error.message : String(error)));
  const code: number | undefined = service?.code;
  switch (code) {
    case notFound:
      return {
        kind: 'no-namespace',
        message: `${at} has no namespace ${namespace} (${reason}). Create it, or set TEMPORAL_NAMESPACE.`,
      };
    case permissionDenied:
    case unauthenticated:
      return {
        kind: 'refused',
        message: `${at} refuses Windlass (${reason}). Check TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_… and _KEY_….`,
      };
    default:
      return {
        kind: 'unreachable',
        message: `${at} cannot be reached (${reason}). Check that the server is running, and that TEMPORAL_ADDRESS and TEMPORAL_TLS are correct.`,
      };
  }
}
