import { type z } from 'zod';
import { WindlassError } from '../domain/errors';
import { retryAfterMs } from './retry-after';

/** An answer by which a provider's API refuses a request. */
export interface RefusedAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The provider's own words, from `quotable`. */
  readonly message: string;
}

/** Whom an API call was for: what its failures name. */
export interface CallContext {
  /** The API's host. */
  readonly host: string;
  /** The repository's path. */
  readonly repository: string;
}

const maxQuotedLength = 300;

/** The other side's words, fit for an error: one line, of bounded length, without the token should it be echoed. */
export function quotable(text: string, token: string): string {
  const redacted =
    token === '' ? text : text.replaceAll(token, '***').replaceAll(encodeURIComponent(token), '***');
  // Control characters of a hostile answer must not reach a terminal.
  const line = redacted.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length <= maxQuotedLength ? line : `${line.slice(0, maxQuotedLength)}…`;
}

/** What a refusal means where the provider has no meaning of its own for it. */
export function refusalFailure(answer: RefusedAnswer, call: CallContext, now = Date.now()): WindlassError {
  const said = `${call.host} answered ${answer.status}${answer.message === '' ? '' : ` (${answer.message})`}`;
  if (answer.status === 401) {
    return new WindlassError('bad-credentials', `${said}: the token is wrong, expired or revoked.`);
  }
  if (answer.status === 403) {
    return new WindlassError('forbidden', `${said}: the token lacks a right on ${call.repository}.`);
  }
  if (answer.status === 404) {
    return new WindlassError(
      'repository-not-found',
      `${said}: there is no ${call.repository}, or this token may not see it.`,
    );
  }
  if (answer.status === 429) return rateLimited(answer, call, now);
  if (answer.status === 408 || answer.status >= 500) {
    return new WindlassError('provider-unavailable', `${said}.`);
  }
  return new WindlassError('request-refused', `${said}.`);
}

/** @param now milliseconds since the epoch */
export function rateLimited(answer: RefusedAnswer, call: CallContext, now = Date.now()): WindlassError {
  const waitMs = retryAfterMs(answer.headers, now);
  return new WindlassError(
    'rate-limited',
    `${call.host} answered ${answer.status}: too many requests with this token; it asks to wait ${Math.ceil(waitMs / 1000)} seconds.`,
    { retryAfterMs: waitMs },
  );
}

/**
 * Takes an answer's fields.
 * @throws WindlassError request-refused when it is not what this API would say: most likely another server answered
 */
export function parseAnswer<T extends z.ZodType>(schema: T, data: unknown, call: CallContext): z.output<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw notTheApi(call, `an answer of another shape${where}`);
}

/** @param what what came instead of the API's JSON */
export function notTheApi(call: CallContext, what: string): WindlassError {
  return new WindlassError(
    'request-refused',
    `${call.host} answered with ${what}: this is not the API of that provider; check pull-request.type, url and apiUrl.`,
  );
}
