/** Real Git over HTTP for tests: bare repositories served by `git http-backend`, on a free loopback port. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { closeServer, listenOnLoopback } from './loopback';

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Answers instead of Git; returns false to let Git answer. */
type Interception = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface GitHttpServer {
  readonly url: string;
  readonly root: string;
  readonly requests: RecordedRequest[];
  /** `Authorization` values that are let in. */
  readonly accepted: Set<string>;
  intercept: Interception;
  latencyMs: number;
  /** Makes an empty bare repository; returns its directory. Its URL is `{url}/{name}.git`. */
  createRepository(name: string, objectFormat?: 'sha1' | 'sha256'): string;
  close(): Promise<void>;
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** @param tls the certificate of an https server; absent: http */
export async function startGitHttpServer(tls?: ServerOptions): Promise<GitHttpServer> {
  const root = mkdtempSync(join(tmpdir(), 'git-http-server-'));
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response).catch(() => response.destroy());
  };
  const http = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers;
    server.requests.push({ method: request.method ?? '', path: request.url ?? '', authorization });
    if (server.latencyMs > 0) await delay(server.latencyMs);
    if (await server.intercept(request, response)) return;
    if (authorization === undefined || !server.accepted.has(authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    runBackend(root, request, response);
  };
  const port = await listenOnLoopback(http);
  const server: GitHttpServer = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    root,
    requests: [],
    accepted: new Set(),
    intercept: () => false,
    latencyMs: 0,
    createRepository(name, objectFormat = 'sha1') {
      const directory = join(root, `${name}.git`);
      const options = ['--quiet', '--bare', '--initial-branch=main', `--object-format=${objectFormat}`];
      execFileSync('git', ['init', ...options, directory]);
      execFileSync('git', ['-C', directory, 'config', 'http.receivepack', 'true']);
      return directory;
    },
    async close() {
      await closeServer(http);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return server;
}

function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const protocol = request.headers['git-protocol'];
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_USER: 'tester',
      REMOTE_ADDR: '127.0.0.1',
      ...(request.headers['content-encoding'] === 'gzip' ? { HTTP_CONTENT_ENCODING: 'gzip' } : {}),
      ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  response.on('close', () => backend.kill());
  let head = Buffer.alloc(0);
  let headSent = false;
  backend.stdout.on('data', (chunk: Buffer) => {
    if (headSent) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    headSent = true;
    const headers = head
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
    for (const [name, value] of headers) if (name !== 'Status') response.setHeader(name, value);
    response.writeHead(Number.parseInt(status, 10));
    response.write(head.subarray(end + 4));
  });
  backend.stdout.on('end', () => response.end());
}
