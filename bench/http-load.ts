import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/**
 * Posts every request over so many connections, one at a time on each, as raw bytes: a real client would cost more than
 * what is measured. @returns milliseconds for all; @throws unless each is answered by 202
 */
export async function postAll(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<number> {
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1').setNoDelay();
      await once(socket, 'connect');
      return socket;
    }),
  );
  let next = 0;
  const start = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        await post(socket, request);
      }
    }),
  );
  const elapsed = performance.now() - start;
  for (const socket of sockets) socket.destroy();
  return elapsed;
}

function post(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const onData = (chunk: Buffer): void => {
      answer += chunk.toString('latin1');
      const body = answer.indexOf('\r\n\r\n') + 4;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      if (body < 4 || !(answer.length >= body + length)) return;
      socket.off('data', onData);
      if (answer.startsWith('HTTP/1.1 202 ')) resolve();
      else reject(new Error(answer));
    };
    socket.on('data', onData);
    socket.write(request);
  });
}
