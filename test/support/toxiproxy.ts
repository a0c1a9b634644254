/** A real Toxiproxy: ways to servers on loopback on which things go wrong. */
import { eventually } from './eventually';
import { freePort } from './free-port';
import { startServerProcess } from './server-process';
import { findServers } from './server-programs';

/** https://github.com/Shopify/toxiproxy/blob/v2.5.0/README.md#toxics */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'slicer' | 'limit_data';
  /** On what the client sends, or on what it receives. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

export interface ToxicWay {
  readonly port: number;
  /** Works on connections that there are, too. */
  add(toxic: Toxic): Promise<void>;
  /** Refuses connections. */
  shut(): Promise<void>;
  /** As in the beginning: everything passes. */
  clear(): Promise<void>;
}

export interface Toxiproxy {
  /** @param upstream `http://127.0.0.1:PORT` */
  wayTo(upstream: string): Promise<ToxicWay>;
  close(): Promise<void>;
}

export async function startToxiproxy(): Promise<Toxiproxy> {
  const programs = await findServers('toxiproxy-server');
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const server = startServerProcess(programs['toxiproxy-server'], [
    ...['-host', '127.0.0.1', '-port', String(port)],
  ]);
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${api}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  await eventually(async () => {
    server.requireRunning();
    expect((await fetch(`${api}/version`)).status).toBe(200);
  });
  let count = 0;
  return {
    async wayTo(upstream) {
      const name = `way-${count++}`;
      const listen = `127.0.0.1:${await freePort()}`;
      await ask('POST', 'proxies', { name, listen, upstream: new URL(upstream).host, enabled: true });
      let added: string[] = [];
      return {
        port: Number(listen.split(':')[1]),
        async add(toxic) {
          const toxicName = `toxic-${count++}`;
          await ask('POST', `proxies/${name}/toxics`, { name: toxicName, toxicity: 1, ...toxic });
          added.push(toxicName);
        },
        async shut() {
          await ask('POST', `proxies/${name}`, { enabled: false });
        },
        async clear() {
          for (const toxicName of added) await ask('DELETE', `proxies/${name}/toxics/${toxicName}`);
          added = [];
          await ask('POST', `proxies/${name}`, { enabled: true });
        },
      };
    },
    close: () => server.stop(),
  };
}
