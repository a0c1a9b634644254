/** Which trace a measured value belongs to: its exemplar in OpenMetrics. */

export interface MeasuredTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

let active: () => MeasuredTrace | undefined = () => undefined;

/**
 * Gives values that are measured from now on the trace that `current` names; undefined: there is none, or it is not kept.
 * Once for each process, where tracing starts: like tracing itself, it belongs to the process.
 */
export function takeExemplarsFrom(current: () => MeasuredTrace | undefined): void {
  active = current;
}

/** The trace of what the process does right now. */
export function activeTrace(): MeasuredTrace | undefined {
  return active();
}

/** For prom-client's `inc` and `observe`. */
export function exemplarOf(trace: MeasuredTrace | undefined): {
  readonly exemplarLabels?: Record<string, string>;
} {
  return trace === undefined ? {} : { exemplarLabels: { trace_id: trace.traceId, span_id: trace.spanId } };
}
