import { type IncomingMessage, type RequestListener, STATUS_CODES, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';
import { type BindAddress, formatBindAddress } from './bind-address';
import { brokenRequest } from './broken-requests';
import { isLeftUnread, limitConnections } from './connection-places';
import { problemBody, problemContentType } from './problem';

export interface Listening {
  /** The port, also if any free port was requested. */
  readonly port: number;
  /** Takes no more connections, lets requests in progress finish for so many milliseconds, then cuts them. */
  close(deadlineMs: number): Promise<void>;
}

/** Time limits for a sender, in milliseconds. */
interface SenderTimeouts {
  readonly headersMs: number;
  /** From the first byte of the headers to the last byte of the body. */
  readonly requestMs: number;
  /** How often Node checks these limits. */
  readonly checkMs: number;
}

const fluxTimeouts: SenderTimeouts = {
  headersMs: 10_000,
  // The time that Flux's notification-controller has for all of its attempts together.
  requestMs: 15_000,
  checkMs: 1_000,
};

/** Longer than the sender's delay between attempts, so that they use one connection. */
const keepAliveTimeoutMs = 10_000;
/** How long a sender can continue with a rejected body, so that it reads our answer instead of a reset. */
const lingerMs = 1_000;
/** Some 10 MiB where each has sent its headers. Flux opens one for each event that it sends at the moment. */
const maxConnections = 500;

/**
 * Serves HTTP with the limits of time and connections that hostile and broken senders need.
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
      note(request, response);
      response.once('close', () => {
        if (!request.complete && !request.destroyed) {
          if (isLeftUnread(request)) request.socket.destroy();
          else cutUnreadBody(request);
        }
        // While closing, a connection that has just become idle would be kept for another request.
        if (!server.listening) setImmediate(() => server.closeIdleConnections());
      });
      response.setHeader('X-Content-Type-Options', 'nosniff');
      handler(request, response);
    },
  );
  const note = limitConnections(server, maxConnections);
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

/** Connections that sent no complete request: no HTTP, headers too large, headers or body too slow. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, sentence } = brokenRequest(error.code);
  const body = problemBody(status, sentence);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${problemContentType}\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function bindError(address: BindAddress, error: NodeJS.ErrnoException): Error {
  const what = `Cannot listen on ${formatBindAddress(address)}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`${what}: another process uses that port. Stop it, or set another address.`, {
        cause: error,
      });
    case 'EACCES':
      return new Error(`${what}: no permission. Set a port of 1024 or higher.`, { cause: error });
    case 'EADDRNOTAVAIL':
      return new Error(`${what}: this machine does not have that address. Set one of its own, or none.`, {
        cause: error,
      });
    default:
      return new Error(`${what}: ${error.message}.`, { cause: error });
  }
}
