import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { createInstallation, type Installation } from '../support/installation';
import { type MemoryWatch, watchMemory } from '../support/memory-watch';

const mebibyte = 1024 * 1024;
const bodyBytes = 256 * 1024;

let installation: Installation;
let port: number;
let memory: MemoryWatch;
let sockets: Socket[];

beforeEach(async () => {
  installation = await createInstallation();
  const api = await installation.startApi();
  port = Number(new URL((await api.ready).webhook ?? '').port);
  // The first request loads what every other one uses too.
  await installation.report({ version: '1.0.1' });
  memory = await watchMemory(api.pid);
  sockets = [];
});
afterEach(async () => {
  memory.stop();
  for (const socket of sockets) socket.destroy();
  await installation.close();
});

const head = (...headers: readonly string[]): string =>
  [
    'POST /promotion/apps/shop/dev HTTP/1.1',
    'Host: windlass',
    `X-Signature: sha256=${'0'.repeat(64)}`,
    ...headers,
    '',
    '',
  ].join('\r\n');

/** Connects and sends; what comes back is dropped. */
async function hold(bytes: string | Uint8Array): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  socket.on('error', () => socket.destroy()).resume();
  socket.write(bytes);
  await once(socket, 'connect').catch(() => undefined);
}

it.each([bodyBytes, 16 * 1024])(
  '4,000 bodies of %d bytes that lack the last one cost at most 64 MiB, and events are taken meanwhile',
  async (length) => {
    const bytes = Buffer.from(head(`Content-Length: ${length}`) + 'x'.repeat(length - 1));
    const taken: number[] = [];
    for (let count = 1; count <= 4_000; count += 1) {
      await hold(bytes);
      if (count % 500 === 0) taken.push((await installation.report({ version: `1.0.${count}` })).status);
    }
    expect(new Set(taken)).toEqual(new Set([202]));
    expect(memory.growth()).toBeLessThan(64 * mebibyte);
  },
);
