/** The reasons why a request to the API server failed, as far as the store distinguishes them. */

/** The API server rejected the request. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  /**
   * @param status the HTTP status, or the code of a `Status` object in a watch
   * @param message the API server's own, if it sent one; names objects and users, never their content
   * @param retryAfterMs the delay that the API server asked for
   */
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** The API server's answer is not a valid answer to the request. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** Whether the requested version has expired, so that only a new list helps. */
export function isExpired(error: unknown): boolean {
  // The API concepts document 410 (https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses).
  return error instanceof ApiRefusal && error.status === 410;
}

const maxMessageLength = 300;

/** Describes a failure in a few words for one log line, without the API server's hints and control characters. */
export function describeApiFailure(error: unknown): string {
  if (error instanceof ApiRefusal) return `it answers ${error.status} (${tidy(error.message)})`;
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return 'it took too long';
  // Node's errors contain their code, except for those with several causes and no message.
  return tidy(code === undefined || message.includes(code) ? message : `${code} ${message}`);
}

function tidy(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, maxMessageLength);
}
