/** A place in a trace, as W3C Trace Context writes it: https://www.w3.org/TR/trace-context/#traceparent-header */

export interface Traceparent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The trace is kept, as decided where it began. */
  readonly sampled: boolean;
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const longest = 512;
const invalidVersion = 'ff';
const knownVersion = '00';
const nothing = /^0+$/;
const sampledFlag = 1;

/**
 * Reads what anyone may have written.
 * @returns undefined: it is not valid, and the trace begins elsewhere
 */
export function readTraceparent(text: unknown): Traceparent | undefined {
  if (typeof text !== 'string' || text.length > longest) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = pattern.exec(text) ?? [];
  if (version === undefined || version === invalidVersion) return undefined;
  // Later versions may have more fields, this one has not.
  if (version === knownVersion && more !== undefined) return undefined;
  if (nothing.test(traceId) || nothing.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag };
}

/** @returns the place in a trace that is kept; undefined for one that is not, and for all that is not valid */
export function readSampledTraceparent(text: unknown): Traceparent | undefined {
  const read = readTraceparent(text);
  return read?.sampled === true ? read : undefined;
}

export function formatTraceparent({ traceId, spanId, sampled }: Traceparent): string {
  return `${knownVersion}-${traceId}-${spanId}-0${sampled ? sampledFlag : 0}`;
}
