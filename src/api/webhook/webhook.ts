import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { type Answer, answerTo, answerToApproval, refusal } from './answer';
import { type FairShare } from '../../domain/fair-share';
import { type ExchangeOptions, type Work, exchange } from './exchange';
import { type Attempt } from './failure-limit';
import { type ApprovalReceiving, receiveApproval } from './receive-approval';
import { type Receiving, receiveEvent } from './receive-event';
import { type BodyLimits, readBody } from './request-body';
import { type HookService } from '../provider-hooks/hook-service';
import { type DeliveryReceiving } from '../provider-hooks/receive-delivery';
import { answerDelivery, hookServices, maxDeliveryBytes } from '../provider-hooks/routes';
import { leaveUnread } from '../../http/serving/connection-places';

export interface WebhookOptions extends ExchangeOptions {
  readonly receiving: Receiving;
  readonly approvals: ApprovalReceiving;
  readonly deliveries: DeliveryReceiving;
  readonly maxBodyBytes: number;
  /** The bytes of all bodies that are held. */
  readonly bodies: FairShare;
  /** Addresses and CIDRs of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
}

const promotionPath = '/promotion/:namespace/:pipeline/:environment';
const approvalPath = '/approval/:namespace/:pipeline/:environment/:revision';

/** The webhook's routes; they reveal nothing to a sender except the contract's answers. */
export function webhookApp(options: WebhookOptions): Express {
  const end = (request: Request, response: Response, work: Work): Promise<void> =>
    exchange(options, request, response, work);

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.set('trust proxy', [...options.trustedProxies]);
  app.post(promotionPath, (request, response) =>
    end(request, response, (client, attempt, onTraced) =>
      promotion(options, request, { client, attempt, onTraced }),
    ),
  );
  app.all(promotionPath, (request, response) =>
    end(request, response, () => refusal('wrong-method', 'POST')),
  );
  app.post(approvalPath, (request, response) =>
    end(request, response, (client, attempt) => approval(options, request, client, attempt)),
  );
  app.all(approvalPath, (request, response) => end(request, response, () => refusal('wrong-method', 'POST')));
  for (const [path, service] of hookServices) {
    app.post(path, (request, response) =>
      end(request, response, (client, attempt) => delivery(options, service, request, client, attempt)),
    );
    app.all(path, (request, response) => end(request, response, () => refusal('wrong-method', 'POST')));
  }
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  app.all('/healthz', (request, response) =>
    end(request, response, () => refusal('wrong-method', 'GET, HEAD')),
  );
  app.use((request, response) => end(request, response, () => refusal('no-such-route')));
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    end(request, response, () => badPath(error)),
  );
  return app;
}

/** The router refuses a path parameter that cannot be decoded with an error of status 400. @throws any other error */
function badPath(error: unknown): Answer {
  if (!(error instanceof Error && 'status' in error && error.status === 400)) throw error;
  return refusal('bad-path');
}

interface Sending {
  readonly client: string;
  readonly attempt: Attempt;
  readonly onTraced: () => void;
}

interface PromotionParams {
  readonly namespace: string;
  readonly pipeline: string;
  readonly environment: string;
}

function promotion(
  { receiving, maxBodyBytes: maxBytes, bodies: budget }: WebhookOptions,
  request: Request<PromotionParams>,
  { client, attempt, onTraced }: Sending,
): Promise<Answer> {
  const { namespace, pipeline, environment } = request.params;
  return withBody(request, { maxBytes, budget, client }, attempt, async (body) => {
    const signedRequest = {
      ref: { namespace, name: pipeline },
      environment,
      signature: request.get('x-signature'),
      body,
      traceparent: request.get('traceparent'),
    };
    return answerTo(
      await receiveEvent(receiving, signedRequest, { onUnderstood: () => attempt.succeeded(), onTraced }),
    );
  });
}

function approval(
  { approvals, maxBodyBytes: maxBytes, bodies: budget }: WebhookOptions,
  request: Request<PromotionParams & { readonly revision: string }>,
  client: string,
  attempt: Attempt,
): Promise<Answer> {
  const { namespace, pipeline, environment, revision } = request.params;
  return withBody(request, { maxBytes, budget, client }, attempt, async (body) => {
    const signedRequest = {
      ref: { namespace, name: pipeline },
      environment,
      revision,
      client,
      signature: request.get('x-signature'),
      body,
    };
    return answerToApproval(await receiveApproval(approvals, signedRequest, () => attempt.succeeded()));
  });
}

function delivery(
  { deliveries, bodies: budget }: WebhookOptions,
  service: HookService,
  request: Request,
  client: string,
  attempt: Attempt,
): Promise<Answer> {
  return withBody(request, { maxBytes: maxDeliveryBytes, budget, client }, attempt, (body) =>
    answerDelivery(deliveries, service, request, body, () => attempt.succeeded()),
  );
}

/** Reads the body, and then answers, once the client has a failure left. */
async function withBody<Params>(
  request: Request<Params>,
  limits: BodyLimits,
  attempt: Attempt,
  answer: (body: Uint8Array) => Promise<Answer>,
): Promise<Answer> {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') return refusal('encoded-body');
  const body = await readBody(request, limits);
  if (body.kind === 'too-large') return refusal('too-large', String(limits.maxBytes));
  if (body.kind === 'crowded') {
    leaveUnread(request);
    return refusal('too-busy');
  }
  if (body.kind === 'aborted') return refusal('incomplete');
  try {
    return (await attempt.reserve()) ? await answer(body.bytes) : refusal('too-many-failures');
  } finally {
    body.release();
  }
}
