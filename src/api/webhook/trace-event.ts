import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { enterSpan } from '../../tracing/spans';

export interface TracedEvent {
  readonly pipeline: PipelineRef;
  /** The environment in the URL. */
  readonly environment: string;
  readonly traceparent: string | undefined;
  /** Whether the body has a valid signature. */
  readonly signed: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Called within the span, before the work. */
  readonly onTraced: () => void;
}

const route = '/promotion/{namespace}/{pipeline}/{environment}';

/**
 * The span of a request that brings an event, where the trace of a promotion begins. Only what is authentic and within the
 * limits has one: a stranger can neither fill the traces nor decide what is sampled. Without a signature, the header of the
 * request does not count either.
 */
export function traceEvent<T>(
  { pipeline, environment, traceparent, signed, startedAt, onTraced }: TracedEvent,
  work: () => Promise<T>,
): Promise<T> {
  return enterSpan(
    `POST ${route}`,
    {
      kind: 'server',
      parent: signed ? traceparent : undefined,
      startedAt,
      attributes: {
        'http.request.method': 'POST',
        'http.route': route,
        'windlass.pipeline': formatPipelineRef(pipeline),
        'windlass.environment': environment,
      },
    },
    () => {
      onTraced();
      return work();
    },
  );
}
