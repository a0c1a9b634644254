/**
 * The header with the trace of a workflow, as Temporal's interceptors for OpenTelemetry name it:
 * https://github.com/temporalio/sdk-typescript/tree/main/packages/interceptors-opentelemetry
 */
export const traceHeader = '_tracer-data';

/** Its content, as JSON. */
export interface TraceCarrier {
  readonly traceparent?: string;
}
