import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { gitEnvironment } from './git';

/** The three paths of Git's smart protocol; the dumb protocol is rejected, as on GitHub. */
const smartPath = /^\/([\w.-]+)\/([\w.-]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitRequest {
  readonly fullName: string;
  /** Whether the request writes to the repository. */
  readonly push: boolean;
}

/** @returns undefined for a path that does not belong to Git */
export function parseGitRequest(path: string): GitRequest | undefined {
  const match = smartPath.exec(path);
  if (match === null) return undefined;
  const [, owner = '', name = '', service = ''] = match;
  return { fullName: `${owner}/${name}`, push: service === 'git-receive-pack' };
}

/**
 * Answers one request through git-http-backend, Git's own CGI program.
 * @param projectRoot directory that holds `{owner}/{name}.git`
 * @param beforeEnd awaited between the backend's end and the end of the answer
 */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  projectRoot: string,
  beforeEnd: () => Promise<void>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://forge');
  const backend = spawn('git', ['http-backend'], {
    env: { ...gitEnvironment(), ...cgiVariables(request, url, projectRoot) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  response.on('close', () => backend.kill());
  backend.stdin.on('error', () => undefined);
  backend.stderr.resume();
  request.pipe(backend.stdin);
  await relay(backend, response);
  await beforeEnd();
  response.end();
}

function cgiVariables(request: IncomingMessage, url: URL, projectRoot: string): Record<string, string> {
  const { headers } = request;
  const protocol = headers['git-protocol'];
  return {
    GIT_PROJECT_ROOT: projectRoot,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    REMOTE_USER: 'git',
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    ...(headers['content-encoding'] === undefined
      ? {}
      : { HTTP_CONTENT_ENCODING: headers['content-encoding'] }),
    ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
  };
}

/** Copies a CGI answer (head, empty line, body) to the HTTP response, except its end. */
async function relay(backend: ChildProcessWithoutNullStreams, response: ServerResponse): Promise<void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    backend.on('error', reject);
    backend.stdout.on('data', (chunk: Buffer) => {
      if (head === undefined) {
        if (!response.write(chunk)) pauseUntilDrained(backend, response);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      writeHead(response, head.subarray(0, end).toString('latin1'));
      response.write(head.subarray(end + 4));
      head = undefined;
    });
    backend.on('close', () => {
      if (head !== undefined) response.writeHead(500);
      resolve();
    });
  });
}

function pauseUntilDrained(backend: ChildProcessWithoutNullStreams, response: ServerResponse): void {
  backend.stdout.pause();
  response.once('drain', () => backend.stdout.resume());
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') status = Number(value.slice(0, 3));
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
