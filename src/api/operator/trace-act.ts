import { basePath, type Route, type RouteName } from '../../operator/routes';
import { enterSpan, type TraceFields, traceFields } from '../../tracing/spans';

export interface TracedRequest {
  readonly name: RouteName;
  readonly route: Pick<Route, 'method' | 'path'>;
  /** The header of a caller who is known and may do this. */
  readonly traceparent: string | undefined;
}

/**
 * The span of a request that changes something; what only reads has none.
 * @param opened learns which trace it is, for the log
 */
export function traceAct<T>(
  { name, route: { method, path }, traceparent }: TracedRequest,
  act: () => Promise<T>,
  opened: (trace: TraceFields) => void,
): Promise<T> {
  if (method === 'get') return act();
  const route = basePath + path;
  const verb = method.toUpperCase();
  return enterSpan(
    `${verb} ${route}`,
    {
      kind: 'server',
      parent: traceparent,
      attributes: { 'http.request.method': verb, 'http.route': route, 'windlass.route': name },
    },
    () => {
      opened(traceFields());
      return act();
    },
  );
}
