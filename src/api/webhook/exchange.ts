import { type Request, type Response } from 'express';
import { type Logger } from 'pino';
import { activeTrace, type MeasuredTrace } from '../../metrics/measured-trace';
import { type TraceFields, traceFields } from '../../tracing/spans';
import { type Answer, refusal } from './answer';
import { clientKey } from './client-address';
import { type Attempt, type FailureLimit } from './failure-limit';
import { type AnswerCode } from './answers';
import { type ApiMetrics } from './metrics';

export interface ExchangeOptions {
  /** Failed requests, by client address. */
  readonly failures: FailureLimit;
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
}

/** Names in a URL can have any length; they are truncated in the log. */
const loggedNameLength = 253;

const tooManyFailures = refusal('too-many-failures');
/** Of these a flood must not become a flood of log lines: metrics count them, and what led to a 429 is in the log. */
const quiet: ReadonlySet<AnswerCode> = new Set(['too-many-failures', 'too-busy']);

/**
 * Works an answer out.
 * @param client whom the request counts for
 * @param onTraced to be called within the span of the request, if it has one: only some have, and only after they began
 */
export type Work = (client: string, attempt: Attempt, onTraced: () => void) => Answer | Promise<Answer>;

/**
 * Answers one request, and counts and logs it: the only place where a request of the webhook ends. A client with too
 * many failed requests is rejected immediately, before its request is processed and its body read.
 */
export async function exchange(
  { failures, logger, metrics }: ExchangeOptions,
  request: Request,
  response: Response,
  work: Work,
): Promise<void> {
  const started = performance.now();
  let trace: TraceFields = {};
  let exemplar: MeasuredTrace | undefined;
  const onTraced = (): void => {
    trace = traceFields();
    exemplar = activeTrace();
  };
  const client = clientKey(request.ip, request.socket.remoteAddress);
  const answer = await withinLimit(failures, client, (attempt) =>
    answerOf(() => work(client, attempt, onTraced), logger),
  );
  const record = (): void => {
    const elapsedMs = performance.now() - started;
    metrics.request(answer.status, answer.code, elapsedMs / 1000, exemplar);
    const sender = { client, ms: Math.round(elapsedMs), ...claimedNames(request.params) };
    const gone = response.writableFinished ? {} : { senderGone: true };
    const line = {
      status: answer.status,
      outcome: answer.code,
      ...sender,
      ...gone,
      ...trace,
      ...answer.log(),
    };
    if (quiet.has(answer.code)) logger.debug(line, 'webhook request');
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

async function withinLimit(
  failures: FailureLimit,
  client: string,
  work: (attempt: Attempt) => Promise<Answer>,
): Promise<Answer> {
  if (failures.isExhausted(client)) return tooManyFailures;
  const attempt = failures.attempt(client);
  const answer = await work(attempt);
  if (answer.isFailure) return attempt.failed() ? answer : tooManyFailures;
  attempt.succeeded();
  return answer;
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
