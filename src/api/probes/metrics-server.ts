import { type BindAddress } from '../../http/serving/bind-address';
import { type Listening, listen } from '../../http/serving/http-listener';
import { problemBody, problemContentType } from '../../http/serving/problem';
import { contentTypes, expose, negotiateFormat } from '../../metrics/exposition';
import { type MetricsRegistry } from '../../metrics/registry';

/**
 * Serves `/metrics` for Prometheus: OpenMetrics where the scraper prefers it, otherwise Prometheus's own text.
 * @throws Error that says what to do, if it cannot listen on the address
 */
export function startMetricsServer(bind: BindAddress, registry: MetricsRegistry): Promise<Listening> {
  return listen((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics') {
      response
        .writeHead(404, { 'Content-Type': problemContentType })
        .end(problemBody(404, 'no such path: ask for /metrics.'));
      return;
    }
    const format = negotiateFormat(request.headers.accept);
    expose(registry, format).then(
      (text) => response.writeHead(200, { 'Content-Type': contentTypes[format], Vary: 'Accept' }).end(text),
      () =>
        response
          .writeHead(500, { 'Content-Type': problemContentType })
          .end(problemBody(500, 'a metric cannot be read.')),
    );
  }, bind);
}
