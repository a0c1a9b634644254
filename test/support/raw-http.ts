import { type Socket, connect } from 'node:net';

/**
 * Sends bytes over a connection of its own, for what no HTTP client would send.
 * @returns all that came back until the server closed the connection, by a reset or otherwise
 */
export function sendRaw(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectRaw(port);
    socket.write(bytes);
    void readToEnd(socket).then(resolve);
  });
}

/** @param allowHalfOpen keep our side open after the server closed its own */
export function connectRaw(port: number, allowHalfOpen = false): Socket {
  return connect({ port, host: '127.0.0.1', allowHalfOpen });
}

export function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(answer));
  });
}
