import { type IncomingMessage, type RequestListener, STATUS_CODES, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';
import { type BindAddress, formatBindAddress } from './bind-address';
import { brokenRequest } from './broken-requests';
import { problemBody, problemContentType } from './problem';

export interface Listening {
  /** The port, also where any free one was asked for. */
  readonly port: number;
  /** Takes no more connections, lets requests in progress finish for so many milliseconds, then cuts them. */
  close(deadlineMs: number): Promise<void>;
}

/** How long a sender may take, in milliseconds. */
interface SenderTimeouts {
  readonly headersMs: number;
  /** From the first byte of the headers to the last of the body. */
  readonly requestMs: number;
  /** How often Node looks for those that take longer. */
  readonly checkMs: number;
}

const fluxTimeouts: SenderTimeouts = {
  headersMs: 10_000,
  // As long as Flux's notification-controller waits for all of its attempts together.
  requestMs: 15_000,
  checkMs: 1_000,
};

/** Longer than the sender's pause between attempts, so that they share one connection. */
const keepAliveTimeoutMs = 10_000;
/** How long a sender may go on with a body that we refused, so that it reads our answer instead of a reset. */
const lingerMs = 1_000;

/**
 * Serves HTTP with the time limits that hostile and broken senders need.
 * @throws Error that says what to do, when the address cannot be listened on
 */
export async function listen(
  handler: RequestListener,
  address: BindAddress,
  timeouts = fluxTimeouts,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    (request, response) => {
      response.once('close', () => {
        if (!request.complete && !request.destroyed) cutUnreadBody(request);
        // While closing, a connection that has just become idle would be kept for another request.
        if (!server.listening) setImmediate(() => server.closeIdleConnections());
      });
      handler(request, response);
    },
  );
  server.on('clientError', answerBrokenRequest);
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(bindError(address, error));
    server.once('error', onError);
    server.listen(address, () => {
      server.off('error', onError);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (deadlineMs) =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}

function cutUnreadBody(request: IncomingMessage): void {
  request.resume();
  const cut = setTimeout(() => request.socket.destroy(), lingerMs);
  const keep = (): void => clearTimeout(cut);
  request.once('end', keep).once('close', keep);
}

/** What never became a request: no HTTP, headers too large, headers or body too slow. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, sentence } = brokenRequest(error.code);
  const body = problemBody(status, sentence);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${problemContentType}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function bindError(address: BindAddress, error: NodeJS.ErrnoException): Error {
  const what = `Cannot listen on ${formatBindAddress(address)}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`${what}: another process has that port. Stop it, or choose another address.`, {
        cause: error,
      });
    case 'EACCES':
      return new Error(`${what}: no permission. Choose a port from 1024 on.`, { cause: error });
    case 'EADDRNOTAVAIL':
      return new Error(`${what}: this machine has no such address. Choose one of its own, or none.`, {
        cause: error,
      });
    default:
      return new Error(`${what}: ${error.message}.`, { cause: error });
  }
}
