import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { type Answer, answerTo, refusal } from './answer';
import { type ExchangeOptions, exchange } from './exchange';
import { type Receiving, receiveEvent } from './receive-event';
import { readBody } from './request-body';

export interface WebhookOptions extends ExchangeOptions {
  readonly receiving: Receiving;
  readonly maxBodyBytes: number;
  /** Addresses and CIDRs of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
}

const promotionPath = '/promotion/:namespace/:pipeline/:environment';

/** The webhook's routes; a sender learns nothing from them but the contract's answers. */
export function webhookApp(options: WebhookOptions): Express {
  const end = (request: Request, response: Response, work: () => Answer | Promise<Answer>): Promise<void> =>
    exchange(options, request, response, work);

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.set('trust proxy', [...options.trustedProxies]);
  app.post(promotionPath, (request, response) => end(request, response, () => promotion(options, request)));
  app.all(promotionPath, (request, response) => end(request, response, () => wrongMethod('POST')));
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.all('/healthz', (request, response) => end(request, response, () => wrongMethod('GET, HEAD')));
  app.use((request, response) => end(request, response, () => noSuchRoute));
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    end(request, response, () => badPath(error)),
  );
  return app;
}

const noSuchRoute = refusal(
  404,
  'no-such-route',
  'no such path: post to /promotion/{namespace}/{pipeline}/{environment}.',
);

function wrongMethod(allow: string): Answer {
  return refusal(405, 'wrong-method', `this path takes ${allow} only.`, { headers: { Allow: allow } });
}

/** The router refuses a path parameter that cannot be decoded with an error of status 400. @throws any other error */
function badPath(error: unknown): Answer {
  if (!(error instanceof Error && 'status' in error && error.status === 400)) throw error;
  return refusal(400, 'bad-path', 'the path has a malformed percent escape.');
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
  const signedRequest = {
    ref: { namespace, name: pipeline },
    environment,
    signature: request.get('x-signature'),
    body: body.bytes,
  };
  return answerTo(await receiveEvent(options.receiving, signedRequest));
}
