import { type MergeRequests } from '@gitbeaker/rest';
import { type Outbound } from '../../http/outbound/outbound';

type RequesterFactory = NonNullable<ConstructorParameters<typeof MergeRequests>[0]['requesterFn']>;
type Requester = ReturnType<RequesterFactory>;
type RequestOptions = Parameters<Requester['get']>[1];

/** Any answer of the API, before anybody judged it. */
export interface GitlabAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly text: string;
}

/**
 * gitbeaker's way out, over our own fetch: its own has ten silent attempts, a rate limiter that waits for minutes, and
 * no way to cancel. Every answer goes to `judge`, which returns the body or throws.
 */
export function requesterOver(
  outbound: Outbound,
  signal: AbortSignal,
  judge: (answer: GitlabAnswer) => unknown,
): RequesterFactory {
  return (service) => {
    const exchange =
      (method: string): Requester['get'] =>
      async (endpoint: string, options: RequestOptions) => {
        const url = new URL(`${service.url.replace(/\/+$/, '')}/${endpoint}`);
        for (const [name, value] of Object.entries(options?.searchParams ?? {})) {
          url.searchParams.set(snakeCase(name), String(value));
        }
        const credentials = await Promise.all(
          Object.entries(service.authHeaders).map(async ([name, value]) => [name, await value()] as const),
        );
        const response = await outbound.fetch(url, {
          method,
          headers: {
            accept: 'application/json',
            'user-agent': 'windlass',
            ...(options?.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...Object.fromEntries(credentials),
          },
          ...(options?.body === undefined ? {} : { body: JSON.stringify(snakeCaseKeys(options.body)) }),
          signal,
        });
        const headers = Object.fromEntries(response.headers);
        const contentType = headers['content-type'] ?? '';
        const body = judge({ status: response.status, headers, contentType, text: await response.text() });
        // `never` because gitbeaker's types promise a shape: the schema of the caller finds out.
        // No headers, hence no `link`: gitbeaker would follow it for as long as the other side likes.
        return { body: body as never, headers: {}, status: response.status };
      };
    return {
      get: exchange('GET'),
      post: exchange('POST'),
      put: exchange('PUT'),
      patch: exchange('PATCH'),
      delete: exchange('DELETE'),
    };
  };
}

function snakeCaseKeys(body: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [snakeCase(name), value]));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
