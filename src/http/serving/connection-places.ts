import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { FairShare } from '../../domain/fair-share';
import { networkKey } from '../../domain/network/network-key';

/** What a request fails with whose connection had to make room: the fault is not its sender's. */
export class Crowded extends Error {
  override readonly name = 'Crowded';
}

const unread = new WeakSet<IncomingMessage>();

/** What is left of the request's body is not read, not even to be thrown away: its connection ends with the answer. */
export function leaveUnread(request: IncomingMessage): void {
  unread.add(request);
}

/** Whether that was said of the request. */
export function isLeftUnread(request: IncomingMessage): boolean {
  return unread.has(request);
}

/**
 * Lets a server have at most `limit` connections. A newcomer takes the place of the oldest connection that waits for its
 * client, of the address that has the most of them; one whose request is being answered is never cut.
 * @returns to be called with each request, so that it is known who waits for whom
 */
export function limitConnections(
  server: Server,
  limit: number,
): (request: IncomingMessage, response: ServerResponse) => void {
  const places = new FairShare(limit);
  const requests = new WeakMap<Socket, IncomingMessage>();
  server.on('connection', (socket: Socket) => {
    const place = places.open(networkKey(socket.remoteAddress ?? '') ?? 'unknown', () => {
      const request = requests.get(socket);
      if (request?.complete === true) return false;
      if (request === undefined) socket.destroy();
      else request.destroy(new Crowded('The connection made room for another.'));
      return true;
    });
    if (place.grow(1)) socket.once('close', () => place.release());
    else socket.destroy();
  });
  return (request, response) => {
    const { socket } = request;
    requests.set(socket, request);
    response.once('close', () => {
      if (requests.get(socket) === request) requests.delete(socket);
    });
  };
}
