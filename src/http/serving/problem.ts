import { STATUS_CODES } from 'node:http';

export const problemContentType = 'application/problem+json';

/**
 * The body of an error as in RFC 9457, without `type`, which then is `about:blank`: the status defines the problem.
 * It is short because Flux copies it into a Kubernetes Event.
 */
export function problemBody(status: number, detail: string): string {
  return JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, detail });
}
