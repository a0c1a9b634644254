/** A service's API behind GitHub's primary rate limit, with a window as short as a test needs. */
import { createServer, request as forward, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from '../loopback';

export interface LimitedApi {
  readonly url: string;
  /** Requests that were answered with a rate limit. */
  readonly violations: readonly string[];
  /** Counted requests of each window so far. */
  readonly windows: readonly number[];
  /** The most that were in progress at once. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

/**
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: a window begins with the first request after
 * the one before has ended; 304 does not count.
 */
export async function startLimitedApi(
  upstream: string,
  { limit, windowMs }: { readonly limit: number; readonly windowMs: number },
): Promise<LimitedApi> {
  const violations: string[] = [];
  const windows: number[] = [];
  let resetAt = 0;
  let used = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const figures = () => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used)),
    // Of a window that is shorter than the seconds in which GitHub counts, the exact end.
    'x-ratelimit-reset': (resetAt / 1_000).toFixed(3),
    'x-ratelimit-resource': 'core',
  });
  const count = (): void => {
    used += 1;
    windows[windows.length - 1] = used;
  };
  const refuse = (response: ServerResponse, what: string): void => {
    violations.push(what);
    response.writeHead(403, { ...figures(), 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'API rate limit exceeded' }));
  };
  const server = createServer((incoming, outgoing) => {
    outgoing.sendDate = false;
    const method = incoming.method ?? 'GET';
    if (Date.now() >= resetAt) {
      resetAt = Date.now() + windowMs;
      used = 0;
      windows.push(0);
    }
    const isConditional = incoming.headers['if-none-match'] !== undefined;
    if (used >= limit) {
      refuse(outgoing, `${method} ${incoming.url ?? ''}`);
      return;
    }
    // What may turn out to be free is counted when it is not.
    if (!isConditional) count();
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    outgoing.once('close', () => (atOnce -= 1));
    const headers = { ...incoming.headers, host: new URL(upstream).host };
    const passed = forward(new URL(incoming.url ?? '/', upstream), { method, headers }, (answer) => {
      if (isConditional && answer.statusCode !== 304) count();
      const { date: _date, ...others } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...others, ...figures() });
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    url,
    violations,
    windows,
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: () => closeServer(server),
  };
}
