import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { ApiRefusal, UnexpectedAnswer } from './api-failure';

const tokenFileProvider = z.object({ config: z.object({ tokenFile: z.string() }) });

/** Keeps silent connections alive behind a load balancer, and detects a dead server. */
const keepAliveMs = 30_000;
/** An error answer is one `Status` object. */
const maxRefusalBytes = 64 * 1024;

export interface ApiRequest {
  /** Default: GET. */
  readonly method?: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** The request body, sent as JSON. */
  readonly content?: { readonly type: string; readonly value: unknown };
  /** Begins with a slash; every part from outside is encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Until the answer's headers; `signal` limits the rest. */
  readonly headTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a request to the API server that the kubeconfig names, with its user's current credentials.
 *
 * Uses only the kubeconfig of the client library (addresses, TLS, proxies, tokens, exec plug-ins): the library's own
 * requests have no timeout, its watch ignores lines that it cannot parse, and neither limits what it reads.
 *
 * @returns the answer with status 200 or 201, its body not read yet
 * @throws ApiRefusal, or the error of the connection or the credentials
 */
export async function openAnswer(
  kubeConfig: KubeConfig,
  { method = 'GET', content, path, query, headTimeoutMs, signal }: ApiRequest,
): Promise<http.IncomingMessage> {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null) throw new UnexpectedAnswer('the kubeconfig names no cluster');
  const url = new URL(cluster.server + path);
  for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);

  const body = content === undefined ? undefined : Buffer.from(JSON.stringify(content.value));
  const headers: http.OutgoingHttpHeaders = {
    accept: 'application/json',
    ...(content === undefined ? {} : { 'content-type': content.type, 'content-length': body?.length }),
  };
  const options: https.RequestOptions = { method, headers };
  await kubeConfig.applyToHTTPSOptions(options);
  Object.assign(headers, await tokenFromFile(kubeConfig));
  const answer = await head({ ...options, signal }, url, headTimeoutMs, body);
  if (answer.statusCode === 200 || answer.statusCode === 201) return answer;
  throw await refusal(answer);
}

/**
 * The kubelet replaces ServiceAccount tokens on disk before they expire. The client library re-reads them only after a
 * minute, and keeps a newline at the file's end, which no header can contain. The file is small and requests are few.
 */
async function tokenFromFile(kubeConfig: KubeConfig): Promise<http.OutgoingHttpHeaders> {
  const provider = kubeConfig.getCurrentUser()?.authProvider as unknown;
  const { success, data } = tokenFileProvider.safeParse(provider);
  if (!success) return {};
  return { Authorization: `Bearer ${(await readFile(data.config.tokenFile, 'utf8')).trim()}` };
}

function head(
  options: https.RequestOptions,
  url: URL,
  timeoutMs: number,
  body: Buffer | undefined,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? http : https).request(url, options);
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`));
    }, timeoutMs);
    request.once('socket', (socket) => socket.setKeepAlive(true, keepAliveMs));
    request.once('response', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}

async function refusal(answer: http.IncomingMessage): Promise<ApiRefusal> {
  const status = answer.statusCode ?? 0;
  const retryAfter = Number(answer.headers['retry-after']);
  const retryAfterMs = retryAfter > 0 ? retryAfter * 1_000 : undefined;
  try {
    const text = (await readWhole(answer, maxRefusalBytes)).toString('utf8');
    const { message } = JSON.parse(text) as { message?: unknown };
    return new ApiRefusal(status, typeof message === 'string' ? message : 'no message', retryAfterMs);
  } catch {
    return new ApiRefusal(status, 'no message', retryAfterMs);
  }
}

/** @throws UnexpectedAnswer if the answer exceeds `maxBytes`, or the connection's error */
export async function readWhole(answer: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new UnexpectedAnswer(`more than ${maxBytes} bytes in one answer`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Yields the lines of an answer as they arrive. @throws UnexpectedAnswer for a line longer than `maxBytes` */
export async function* readLines(answer: http.IncomingMessage, maxBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    const rest = chunk.subarray(start);
    size += rest.length;
    if (size > maxBytes) throw new UnexpectedAnswer(`more than ${maxBytes} bytes in one event of a watch`);
    if (rest.length > 0) parts.push(rest);
  }
}
