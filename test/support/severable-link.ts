import { type AddressInfo, type Socket, createServer, connect } from 'node:net';

/** A way to a TCP server that can be cut and mended, as an outage does, while the server itself keeps running. */
export interface SeverableLink {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** @param target `host:port` */
export async function createSeverableLink(target: string): Promise<SeverableLink> {
  const { hostname, port: targetPort } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(targetPort), hostname);
    keep(near).on('error', () => far.destroy());
    keep(far).on('error', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { address: `127.0.0.1:${port}`, cut, mend: () => listen(port), close: cut };
}
