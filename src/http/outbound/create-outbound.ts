import { request as send } from 'undici';
import { WindlassError } from '../../domain/errors';
import { startDeadline } from './deadline';
import { dispatchers, type Connections } from './dispatchers';
import { networkFailure } from './network-failure';
import { type Outbound } from './outbound';
import { checkRequest, type RequestPolicy } from './request-policy';
import { traceRequest } from './trace-request';

export interface OutboundOptions extends RequestPolicy, Connections {
  /** For the whole exchange, from the connection to the last byte; milliseconds. */
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
}

/** Well below an activity's deadline, so that a hang is a classified failure. */
const defaultTimeoutMs = 30_000;
/** A page of pull requests with bodies of the full length stays below. */
const defaultMaxResponseBytes = 10 * 1024 * 1024;
const redirects = new Set([301, 302, 303, 307, 308]);
/** `Response` refuses a body with these. */
const bodiless = new Set([204, 205, 304]);

/**
 * The outbound HTTP client for one set of credentials. Answers arrive whole; redirects are never followed, since they
 * would carry the credentials, or the worker's place in the network, to where no one allowed them.
 * @throws WindlassError bad-credentials when the TLS material cannot be read
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const maxResponseBytes = options.maxResponseBytes ?? defaultMaxResponseBytes;
  const dispatcherFor = dispatchers(options, timeoutMs);

  return {
    fetch: async (input, init) => {
      const request = buildRequest(input, init);
      const url = new URL(request.url);
      checkRequest(url, request.headers, options);
      const caller = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      const deadline = startDeadline(url.host, timeoutMs, caller ?? undefined);
      return traceRequest(url, request.method, async (answered) => {
        try {
          const answer = await send(url, {
            method: request.method,
            headers: Object.fromEntries(request.headers),
            body: request.body === null ? null : Buffer.from(await request.arrayBuffer()),
            signal: deadline.signal,
            dispatcher: dispatcherFor(url),
          });
          answered(answer.statusCode);
          if (redirects.has(answer.statusCode)) {
            await answer.body.dump();
            throw redirected(url, answer.statusCode, answer.headers['location']);
          }
          const body = await readAll(answer.body, maxResponseBytes, url.host);
          return new Response(bodiless.has(answer.statusCode) ? null : body, {
            status: answer.statusCode,
            headers: headersOf(answer.headers),
          });
        } catch (error) {
          if (caller?.aborted === true) throw caller.reason;
          throw networkFailure(url.host, deadline.signal.aborted ? deadline.signal.reason : error);
        } finally {
          deadline.clear();
        }
      });
    },
  };
}

function buildRequest(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Request {
  try {
    return new Request(input, init);
  } catch {
    // The platform's message quotes the header's value or the URL, hence perhaps the credentials: no cause here.
    throw new WindlassError(
      'bad-credentials',
      'The request cannot be written: the address carries credentials, or the token holds a line break or characters outside of Latin-1.',
    );
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new WindlassError(
        'request-refused',
        `${host} answered with more than ${maxBytes} bytes, which is more than any answer needs.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function redirected(from: URL, status: number, location: string | string[] | undefined): WindlassError {
  const target =
    typeof location === 'string' && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  // Without the query, which may hold a token.
  const where = target === undefined ? 'another address' : `${target.origin}${target.pathname}`.slice(0, 200);
  return new WindlassError(
    'request-refused',
    `${from.host} answered ${status} with a redirect to ${where}, and redirects are not followed: the repository or the service has moved.`,
  );
}

function headersOf(raw: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  return headers;
}
