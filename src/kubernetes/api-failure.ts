/** Why a request to the API server came to nothing, as the store has to tell apart. */

/** The API server refused. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  /**
   * @param status the HTTP status, or the code of a `Status` object in a watch
   * @param message the API server's own, if it gave one; names objects and users, never their content
   * @param retryAfterMs how long the API server asked us to wait
   */
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** What the API server sent is no answer to what it was asked. */
export class OddAnswer extends Error {
  override readonly name = 'OddAnswer';
}

/** Whether the version that was asked for has been forgotten, so that only a new list helps. */
export function isExpired(error: unknown): boolean {
  // 410 is what the API concepts promise (https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses).
  return error instanceof ApiRefusal && error.status === 410;
}

const sensibleMessage = 300;

/** A failure in a few words, for one line of a log: hints of the API server's are cut, control characters go. */
export function describeApiFailure(error: unknown): string {
  if (error instanceof ApiRefusal) return `it answers ${error.status} (${tidy(error.message)})`;
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError') return 'it took too long';
  // Node's own say their code themselves, but for those that have several causes and no words.
  return tidy(code === undefined || message.includes(code) ? message : `${code} ${message}`);
}

function tidy(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, sensibleMessage);
}
