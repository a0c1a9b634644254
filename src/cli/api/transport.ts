import { readFileSync } from 'node:fs';
import { request, type Dispatcher } from 'undici';
import { isLoopbackHost } from '../../domain/network/loopback';
import { WindlassError } from '../../domain/errors';
import { startDeadline } from '../../http/outbound/deadline';
import { dispatchers } from '../../http/outbound/dispatchers';
import { explainNetworkError } from '../../http/outbound/network-failure';
import { proxyFromEnvironment } from '../../http/outbound/proxy-settings';
import { CommandFault } from '../exit-codes';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** The media type, without parameters. */
  readonly type: string;
  readonly text: string;
}

/** A stream that was opened, or the answer that refused it. */
export type HttpStream =
  | { readonly opened: true; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly opened: false; readonly answer: HttpAnswer };

export interface Transport {
  /** @throws Unanswered */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** @throws Unanswered; so do the chunks */
  open(request: HttpRequest): Promise<HttpStream>;
  /** For libraries with their own protocol. */
  readonly dispatcherFor: (url: URL) => Dispatcher;
}

/** No answer came. */
export class Unanswered extends CommandFault {
  /** @param lost the request may have arrived */
  constructor(
    message: string,
    readonly lost: boolean,
  ) {
    super('away', message);
  }
}

/** The server's own limit for an act is 10 s. */
const answerTimeoutMs = 20_000;
/** The server sends a comment every 15 s. */
const silenceMs = 50_000;
/** A page of 1,000 Pipelines has a tenth of it. */
const longestAnswer = 64 * 1024 * 1024;

const advice = {
  untrusted: "name the CA's certificate with --ca-file",
  clientCertificate: 'windlass cannot present one: use an address without this requirement',
};

/**
 * The connection of the commands to their server: by the proxies of the environment, to loopback directly.
 * @param caFile PEM, trusted besides the system's authorities
 * @throws CommandFault usage
 */
export function createTransport(
  caFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  const ca = caFile === undefined ? undefined : readCa(caFile);
  const dispatcherFor = dispatchersWith(caFile, {
    ...(ca === undefined ? {} : { tls: { ca } }),
    proxy: proxyFromEnvironment(env),
  });

  async function start({ method, url, headers, body }: HttpRequest, signal: AbortSignal | null) {
    return request(url, {
      method,
      headers,
      body: body ?? null,
      signal,
      dispatcher: dispatcherFor(url),
      bodyTimeout: silenceMs,
    });
  }

  return {
    dispatcherFor,
    async send(message) {
      const deadline = startDeadline(message.url.host, answerTimeoutMs, undefined);
      try {
        const { statusCode, headers, body } = await start(message, deadline.signal);
        return { status: statusCode, type: mediaType(headers['content-type']), text: await readText(body) };
      } catch (error) {
        throw unanswered(message.url, deadline.signal.aborted ? deadline.signal.reason : error);
      } finally {
        deadline.clear();
      }
    },
    async open(message) {
      try {
        const { statusCode, headers, body } = await start(message, null);
        const type = mediaType(headers['content-type']);
        if (statusCode === 200 && type === 'text/event-stream')
          return { opened: true, chunks: chunksOf(body, message.url) };
        return { opened: false, answer: { status: statusCode, type, text: await readText(body) } };
      } catch (error) {
        throw unanswered(message.url, error);
      }
    },
  };
}

/** Whether a token may travel there: in plain text it stays on this machine. */
export function mayCarryToken(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackHost(url.hostname);
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFault('usage', `--ca-file ${file} cannot be read: ${(error as Error).message}.`);
  }
}

function dispatchersWith(caFile: string | undefined, options: Parameters<typeof dispatchers>[0]) {
  try {
    return dispatchers(options, answerTimeoutMs);
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
    throw new CommandFault('usage', `--ca-file ${String(caFile)} holds no certificate in PEM.`);
  }
}

const mediaType = (header: string | string[] | undefined): string =>
  ([header ?? ''].flat()[0] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > longestAnswer)
      throw new CommandFault('failed', `The server answered with more than ${longestAnswer} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* chunksOf(body: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unanswered(url, error);
  }
}

/** Why no answer came, for the person. */
export function unanswered(url: URL, error: unknown): CommandFault {
  if (error instanceof CommandFault) return error;
  // Our own deadline or refusal.
  if (error instanceof WindlassError) return new Unanswered(error.fault, error.code === 'timed-out');
  const { sentence, lost } = explainNetworkError(url.host, error, advice);
  return new Unanswered(sentence, lost);
}
