import { STATUS_CODES } from 'node:http';

export const problemContentType = 'application/problem+json';

/**
 * An error's body after RFC 9457, without `type`, which then is `about:blank`: the status says what kind it is.
 * Short on purpose: Flux copies it into a Kubernetes Event.
 */
export function problemBody(status: number, detail: string): string {
  return JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, detail });
}
