/** One request of the operators' API: the only place where one is authenticated, allowed, answered, logged and counted. */
import { type Request, type Response } from 'express';
import { type Logger } from 'pino';
import { type FairShare } from '../../domain/fair-share';
import { problemContentType } from '../../http/serving/problem';
import { leaveUnread } from '../../http/serving/connection-places';
import { activeTrace, type MeasuredTrace } from '../../metrics/measured-trace';
import { idempotencyHeader, type Route, type RouteName, routes } from '../../operator/routes';
import { clientKey } from '../webhook/client-address';
import { type TraceFields } from '../../tracing/spans';
import { readBody } from '../webhook/request-body';
import { refusalFor } from './failures';
import { authenticate, type Authenticated, type AuthenticationOptions } from './authenticate';
import { type OperatorMetrics, type RouteLabel } from './metrics';
import { type Asking, type Handlers } from './operator-request';
import { Refusal } from './refusal';
import { parseJson, readParts, requireJson } from './request-parts';
import { requireRight } from './rights';
import { traceAct } from './trace-act';

export interface ExchangeOptions extends AuthenticationOptions {
  /** The bytes of all bodies that are held. */
  readonly bodies: FairShare;
  readonly handlers: Handlers;
  readonly metrics: OperatorMetrics;
  readonly logger: Logger;
}

const maxBodyBytes = 64 * 1024;

/** Answers a request to a route of the table. */
export async function serveRoute(
  options: ExchangeOptions,
  name: RouteName,
  request: Request,
  response: Response,
): Promise<void> {
  let who: string | undefined;
  let trace: TraceFields = {};
  let exemplar: MeasuredTrace | undefined;
  await conclude(
    options,
    name,
    request,
    response,
    async () => {
      const route: Route = routes[name];
      const authenticated = await authenticate(options, request);
      const { caller } = authenticated;
      who = caller.name;
      const body = route.body === undefined ? {} : await jsonBody(options, request);
      const parts = readParts(route, { params: { ...request.params }, query: { ...request.query }, body });
      await requireRight(options.access, caller, route.right, parts);
      const asked = { ...parts, ...asking(request, authenticated), route: name };
      // The table says that these parts are what this handler takes.
      if (route.answer === undefined) {
        const stream = options.handlers[name] as (asked: unknown, response: Response) => Promise<void>;
        await stream({ ...asked, lastEventId: request.get('last-event-id') }, response);
        return undefined;
      }
      const handler = options.handlers[name] as (asked: unknown) => Promise<unknown>;
      const acting = () => {
        exemplar = activeTrace();
        return handler(asked);
      };
      const traced = { name, route, traceparent: request.get('traceparent') };
      return JSON.stringify(await traceAct(traced, acting, (fields) => (trace = fields)));
    },
    () => ({ ...(who === undefined ? {} : { who }), ...trace, exemplar }),
  );
}

/** Answers a request that is none of the table's routes, with what `work` gives. */
export async function conclude(
  { metrics, logger }: Pick<ExchangeOptions, 'metrics' | 'logger'>,
  name: RouteLabel,
  request: Request,
  response: Response,
  /** @returns JSON; undefined: it has answered */
  work: () => Promise<string | undefined> | string,
  /** More fields for the log, and the trace of what was measured. */
  about: () => {
    readonly who?: string;
    readonly exemplar?: MeasuredTrace | undefined;
  } & TraceFields = () => ({}),
): Promise<void> {
  const started = performance.now();
  let refused: Refusal | undefined;
  response.once('close', () => {
    const ms = performance.now() - started;
    const { exemplar, ...fields } = about();
    metrics.request(name, response.statusCode, ms / 1_000, exemplar);
    const client = clientKey(request.ip, request.socket.remoteAddress);
    const line = {
      route: name,
      status: response.statusCode,
      client,
      ...fields,
      ms: Math.round(ms),
      ...(refused === undefined ? {} : { code: refused.code, detail: refused.message }),
    };
    if (refused?.code === 'too-many-requests') logger.debug(line, 'api request');
    else if (response.statusCode >= 500) logger.error(line, 'api request');
    else logger.info(line, 'api request');
  });
  try {
    const body = await work();
    if (body !== undefined) send(response, 200, 'application/json', body);
  } catch (error) {
    refused = refusalFor(error);
    if (refused === undefined) {
      logger.error({ err: error, route: name }, 'internal error in the API');
      refused = new Refusal('internal', 'An unexpected internal error: the log of the api has the details.');
    }
    if (response.headersSent) response.destroy();
    else {
      for (const [header, value] of Object.entries(refused.headers)) response.setHeader(header, value);
      send(response, refused.status, problemContentType, JSON.stringify(refused.problem));
    }
  }
}

function send(response: Response, status: number, contentType: string, body: string): void {
  response
    .writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}

function asking(request: Request, { caller, until }: Authenticated): Asking {
  const key = request.get(idempotencyHeader);
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new Refusal('bad-request', `${idempotencyHeader}: use 1 to 128 visible ASCII characters.`);
  }
  return {
    caller,
    from: request.ip ?? request.socket.remoteAddress ?? 'unknown',
    ...(key === undefined ? {} : { idempotencyKey: key }),
    ...(until === undefined ? {} : { until }),
  };
}

/** @throws Refusal */
export async function jsonBody(
  { bodies: budget }: Pick<ExchangeOptions, 'bodies'>,
  request: Request,
): Promise<unknown> {
  requireJson(request);
  const client = clientKey(request.ip, request.socket.remoteAddress);
  const body = await readBody(request, { maxBytes: maxBodyBytes, budget, client });
  switch (body.kind) {
    case 'complete':
      try {
        return parseJson(body.bytes);
      } finally {
        body.release();
      }
    case 'too-large':
      throw new Refusal('too-large', `The body may have ${maxBodyBytes} bytes.`);
    case 'crowded':
      leaveUnread(request);
      throw new Refusal('unavailable', 'There is no room for this request at the moment. Retry.');
    case 'aborted':
      throw new Refusal('bad-request', 'The body ended too early.');
  }
}
