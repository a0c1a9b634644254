import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { oldestUnhandledEventSeconds } from '../../../src/temporal/backlog';
import { createTemporalClient, temporalTargetAt } from '../../../src/temporal/connection';

let server: Server;
const sockets = new Set<Socket>();
beforeEach(async () => {
  server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it('gives up on a Temporal that takes connections and never answers: a scrape of metrics waits for it', async () => {
  const { port } = server.address() as AddressInfo;
  const client = createTemporalClient(temporalTargetAt(`127.0.0.1:${port}`, 'default'));
  await expect(oldestUnhandledEventSeconds(client)).rejects.toThrow('DEADLINE_EXCEEDED');
  await client.connection.close();
});
