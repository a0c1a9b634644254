import { type Request, type Response } from 'express';
import { type Logger } from 'pino';
import { type Answer, refusal } from './answer';
import { clientKey } from './client-address';
import { type FixedWindow } from './fixed-window';
import { type ApiMetrics } from './metrics';

export interface ExchangeOptions {
  /** Failed requests, by client address. */
  readonly failures: FixedWindow;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
}

/** Names in a URL can have any length; they are truncated in the log. */
const loggedNameLength = 253;

const tooManyFailures = refusal('too-many-failures');

/**
 * Answers one request, and counts and logs it: the only place where a request of the webhook ends. A client with too
 * many failed requests is rejected immediately, before its request is processed and its body read.
 */
export async function exchange(
  { failures, logger, metrics }: ExchangeOptions,
  request: Request,
  response: Response,
  work: () => Answer | Promise<Answer>,
): Promise<void> {
  const started = performance.now();
  const client = clientKey(request.ip, request.socket.remoteAddress);
  const answer = failures.isExhausted(client) ? tooManyFailures : await answerOf(work, logger);
  if (answer.isFailure) failures.take(client);
  const record = (): void => {
    const elapsedMs = performance.now() - started;
    metrics.request(answer.status, answer.code, elapsedMs / 1000);
    const sender = { client, ms: Math.round(elapsedMs), ...claimedNames(request.params) };
    const gone = response.writableFinished ? {} : { senderGone: true };
    const line = { status: answer.status, outcome: answer.code, ...sender, ...gone, ...answer.log() };
    // A flood must not become a flood of log lines: the log already contains the causes of the 429.
    if (answer === tooManyFailures) logger.debug(line, 'webhook request');
    else if (answer.status >= 500) logger.error(line, 'webhook request');
    else logger.info(line, 'webhook request');
  };
  if (response.closed) record();
  else response.once('close', record);
  // Not Express's `send`: it would add a charset, which JSON does not have.
  response.writeHead(answer.status, {
    ...answer.headers,
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

async function answerOf(work: () => Answer | Promise<Answer>, logger: Logger): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    logger.error({ err: error }, 'internal error in the webhook');
    return refusal('internal');
  }
}

function claimedNames(params: Request['params']): {
  readonly pipeline?: string;
  readonly environment?: string;
} {
  const { namespace, pipeline, environment } = params;
  if (typeof namespace !== 'string' || typeof pipeline !== 'string' || typeof environment !== 'string')
    return {};
  return {
    pipeline: `${namespace}/${pipeline}`.slice(0, loggedNameLength),
    environment: environment.slice(0, loggedNameLength),
  };
}
