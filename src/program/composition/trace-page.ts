import { traceIdPlaceholder } from '../../config/value-kinds';
import { readTraceparent } from '../../domain/traceparent';

/**
 * The page of a promotion's trace.
 * @param template of `--trace-url`
 * @returns undefined: there is no such page, or the trace is not kept
 */
export function tracePage(template: string | undefined, traceparent: string | undefined): string | undefined {
  const trace = readTraceparent(traceparent);
  if (template === undefined || trace?.sampled !== true) return undefined;
  return template.replaceAll(traceIdPlaceholder, trace.traceId);
}
