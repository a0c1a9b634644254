import { inSpan } from '../../tracing/spans';
import { urlTemplate } from '../../tracing/url-template';

/**
 * A request to a service as a span: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span. Without
 * `url.full`, whose path has names and whose query may have tokens. The service does not get to know the trace.
 */
export function traceRequest(
  url: URL,
  method: string,
  send: (answered: (status: number) => void) => Promise<Response>,
): Promise<Response> {
  const template = urlTemplate(url);
  const attributes = {
    'http.request.method': method,
    'server.address': url.hostname,
    'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    'url.scheme': url.protocol.slice(0, -1),
    'url.template': template,
  };
  return inSpan(`${method} ${template}`, { kind: 'client', attributes }, (span) =>
    send((status) => span.set({ 'http.response.status_code': status, ...failed(status) })),
  );
}

function failed(status: number): { readonly 'error.type'?: string } {
  return status >= 400 ? { 'error.type': String(status) } : {};
}
