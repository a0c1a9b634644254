import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { type Logger } from 'pino';
import { type Answer, answerTo, refusal } from './answer';
import { clientKey } from './client-address';
import { type FixedWindow } from './fixed-window';
import { type ApiMetrics } from './metrics';
import { type Receiving, receiveEvent } from './receive-event';
import { readBody } from './request-body';

export interface WebhookOptions {
  readonly receiving: Receiving;
  readonly maxBodyBytes: number;
  /** Addresses and CIDRs of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  /** Failed requests, by client address. */
  readonly failures: FixedWindow;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
}

const promotionPath = '/promotion/:namespace/:pipeline/:environment';
/** Names out of a URL may be as long as the sender likes; in the log they are cut. */
const loggedNameLength = 253;

/** The webhook's routes; a sender learns nothing from them but the contract's answers. */
export function webhookApp(options: WebhookOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.set('trust proxy', [...options.trustedProxies]);
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.all('/healthz', (request, response) => respond(options, request, response, wrongMethod('GET, HEAD')));
  app.use((request, response, next) => {
    response.locals['started'] = performance.now();
    if (options.failures.isExhausted(clientOf(request))) respond(options, request, response, tooManyFailures);
    else next();
  });
  app.post(promotionPath, async (request, response) => {
    respond(options, request, response, await promotion(options, request));
  });
  app.all(promotionPath, (request, response) => respond(options, request, response, wrongMethod('POST')));
  app.use((request, response) => respond(options, request, response, noSuchRoute));
  app.use(errorHandler(options));
  return app;
}

const tooManyFailures = refusal(
  429,
  'too-many-failures',
  'too many failed requests from this address: try again later.',
  {
    isFailure: false,
  },
);

const noSuchRoute = refusal(
  404,
  'no-such-route',
  'no such path: post to /promotion/{namespace}/{pipeline}/{environment}.',
);

function wrongMethod(allow: string): Answer {
  return refusal(405, 'wrong-method', `this path takes ${allow} only.`, { headers: { Allow: allow } });
}

interface PromotionParams {
  readonly namespace: string;
  readonly pipeline: string;
  readonly environment: string;
}

async function promotion(options: WebhookOptions, request: Request<PromotionParams>): Promise<Answer> {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    return refusal(415, 'encoded-body', 'send the body without Content-Encoding.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  const body = await readBody(request, options.maxBodyBytes);
  if (body.kind === 'too-large') {
    return refusal(413, 'too-large', `the body is larger than ${options.maxBodyBytes} bytes.`);
  }
  if (body.kind === 'aborted') return refusal(400, 'incomplete', 'the body is incomplete.');
  const { namespace, pipeline, environment } = request.params;
  const claim = {
    ref: { namespace, name: pipeline },
    environment,
    signature: request.get('x-signature'),
    body: body.bytes,
  };
  return answerTo(await receiveEvent(options.receiving, claim));
}

/** Answers, counts and logs: the one place where a request ends. */
function respond(options: WebhookOptions, request: Request, response: Response, answer: Answer): void {
  const client = clientOf(request);
  if (answer.isFailure) options.failures.take(client);
  const record = (): void => recordEnd(options, request, response, client, answer);
  if (response.closed) record();
  else response.once('close', record);
  // Not `send`: it would add a charset, which JSON does not have.
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

function recordEnd(
  options: WebhookOptions,
  request: Request,
  response: Response,
  client: string,
  answer: Answer,
): void {
  const started: unknown = response.locals['started'];
  const elapsedMs = typeof started === 'number' ? performance.now() - started : 0;
  options.metrics.request(answer.status, answer.code, elapsedMs / 1000);
  const { namespace, pipeline, environment } = request.params as Partial<PromotionParams>;
  const line = {
    status: answer.status,
    outcome: answer.code,
    client,
    ms: Math.round(elapsedMs),
    ...(namespace === undefined
      ? {}
      : { pipeline: `${namespace}/${pipeline ?? ''}`.slice(0, loggedNameLength) }),
    ...(environment === undefined ? {} : { environment: environment.slice(0, loggedNameLength) }),
    ...(response.writableFinished ? {} : { senderGone: true }),
    ...answer.log(),
  };
  // A flood must not become a flood of log lines: what led to the 429 is in the log already.
  if (answer === tooManyFailures) options.logger.debug(line, 'webhook request');
  else if (answer.status >= 500) options.logger.error(line, 'webhook request');
  else options.logger.info(line, 'webhook request');
}

function clientOf(request: Request): string {
  return clientKey(request.ip, request.socket.remoteAddress);
}

function errorHandler(options: WebhookOptions): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    if (error instanceof URIError || isClientError(error)) {
      respond(
        options,
        request,
        response,
        refusal(400, 'bad-path', 'the path has a malformed percent escape.'),
      );
      return;
    }
    options.logger.error({ err: error }, 'fault in the webhook');
    respond(
      options,
      request,
      response,
      refusal(500, 'internal', 'a fault in windlass: try again.', { isFailure: false }),
    );
  };
}

/** The router refuses a path parameter that cannot be decoded with an error of status 400. */
function isClientError(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 400;
}
