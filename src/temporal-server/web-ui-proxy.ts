import { ServerResponse } from 'node:http';
import { createProxyServer } from 'httpxy';
import { type Listening, listen } from '../http/serving/http-listener';
import { problemBody, problemContentType } from '../http/serving/problem';
import { foreignRequestReason } from './foreign-requests';
import { type LoopbackAddress } from './server-ports';

/** Longer than Temporal's long polls. */
const silenceMs = 90_000;

/**
 * Serves Temporal's Web UI on a port of 127.0.0.1. The Web UI has no login, accepts changes and checks no Host: this
 * proxy forwards only what no other web page sends. Answers 503 while the Web UI does not.
 * @param webUi where the Web UI itself listens
 * @throws Error with the cause EADDRINUSE if the port is taken
 */
export async function openWebUiProxy(port: number, webUi: LoopbackAddress): Promise<Listening> {
  const proxy = createProxyServer({ target: { protocol: 'http:', ...webUi }, proxyTimeout: silenceMs });
  proxy.on('error', (_error, _request, response) => {
    if (response instanceof ServerResponse && !response.headersSent) {
      answer(response, 503, 'the embedded Temporal server does not answer. Try again in a few seconds.');
    } else {
      response?.destroy();
    }
  });
  return listen(
    (request, response) => {
      const reason = foreignRequestReason(request);
      if (reason === undefined) void proxy.web(request, response);
      else answer(response, 403, reason);
    },
    { host: '127.0.0.1', port },
  );
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': problemContentType }).end(problemBody(status, sentence));
}
