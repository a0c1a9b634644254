import { once } from 'node:events';
import { createServer } from 'node:net';
import { listenOnLoopback } from './loopback';

/** A loopback port that nobody listens on, for programs that can't choose one by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  server.close();
  await once(server, 'close');
  return port;
}
