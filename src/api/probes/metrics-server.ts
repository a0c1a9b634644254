import { type Registry } from 'prom-client';
import { type BindAddress } from '../../http/serving/bind-address';
import { type Listening, listen } from '../../http/serving/http-listener';
import { problemBody, problemContentType } from '../../http/serving/problem';

/**
 * Serves `/metrics` for Prometheus.
 * @throws Error that says what to do, if it cannot listen on the address
 */
export function startMetricsServer(bind: BindAddress, registry: Registry): Promise<Listening> {
  return listen((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics') {
      response
        .writeHead(404, { 'Content-Type': problemContentType })
        .end(problemBody(404, 'no such path: ask for /metrics.'));
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () =>
        response
          .writeHead(500, { 'Content-Type': problemContentType })
          .end(problemBody(500, 'a metric cannot be read.')),
    );
  }, bind);
}
