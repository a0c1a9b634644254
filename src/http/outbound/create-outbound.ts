import { Agent, EnvHttpProxyAgent, request as send, type Dispatcher } from 'undici';
import { type TlsMaterial } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { isLoopbackHost } from '../../domain/network/loopback';
import { startDeadline } from './deadline';
import { guardedLookup } from './guarded-lookup';
import { networkFailure } from './network-failure';
import { type Outbound } from './outbound';
import { type ProxySettings } from './proxy-settings';
import { checkRequest, type RequestPolicy } from './request-policy';
import { secureContextOf } from './trust';

export interface OutboundOptions extends RequestPolicy {
  readonly tls?: TlsMaterial;
  readonly proxy?: ProxySettings;
  /** For the whole exchange, from the connection to the last byte; milliseconds. */
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
}

/** Well below an activity's deadline, so that a hang is a classified failure. */
const defaultTimeoutMs = 30_000;
const connectTimeoutMs = 10_000;
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
      try {
        const answer = await send(url, {
          method: request.method,
          headers: Object.fromEntries(request.headers),
          body: request.body === null ? null : Buffer.from(await request.arrayBuffer()),
          signal: deadline.signal,
          dispatcher: dispatcherFor(url),
        });
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

/** Never through a proxy to this machine, whatever NO_PROXY says: as Go's clients do. */
function dispatchers(options: OutboundOptions, timeoutMs: number): (url: URL) => Dispatcher {
  const secureContext = options.tls === undefined ? undefined : secureContextOf(options.tls);
  const connection = {
    timeout: Math.min(connectTimeoutMs, timeoutMs),
    ...(secureContext === undefined ? {} : { secureContext }),
  };
  const agentOptions = {
    connect: { ...connection, lookup: guardedLookup(undefined, options.reach) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // The client is made for one promotion: idle connections need not outlive it by much.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 5_000,
  };
  const direct = new Agent(agentOptions);
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = options.proxy ?? {};
  if (httpProxy === '' && httpsProxy === '') return () => direct;
  // Empty strings keep undici from reading the process's environment by itself.
  const proxied = new EnvHttpProxyAgent({
    ...agentOptions,
    httpProxy,
    httpsProxy,
    noProxy,
    requestTls: connection,
    proxyTls: { timeout: connection.timeout },
  });
  return (url) => (isLoopbackHost(url.hostname) ? direct : proxied);
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
