import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedTemporalError } from './embedded-temporal-error';

/**
 * Below the ports that systems use for outgoing connections (32768 on Linux, 49152 on macOS): while the server is down,
 * the system could give its port to the client that tries to connect to it.
 */
const lowest = 20_000;
const beyondHighest = 32_768;
const attempts = 100;
const loopback = '127.0.0.1';

const portsSchema = z.object({
  port: z.int().min(1).max(65_535),
  /** Of the Web UI's proxy. */
  uiPort: z.int().min(1).max(65_535),
});
export type ServerPorts = z.output<typeof portsSchema>;

/** A TCP address on loopback. */
export interface LoopbackAddress {
  /** An address of 127.0.0.0/8. */
  readonly host: string;
  readonly port: number;
}

const memory = (dataDir: string): string => join(dataDir, 'ports.json');

/** The ports of the last run if they are still free, so that links to the Web UI survive a restart; otherwise any. */
export async function chooseServerPorts(dataDir: string): Promise<ServerPorts> {
  const last = await lastPorts(dataDir);
  if (last !== undefined && (await areFree(last))) return last;
  const port = await freePort(loopback);
  let uiPort = port;
  while (uiPort === port) uiPort = await freePort(loopback);
  return { port, uiPort };
}

/**
 * An address for the Web UI itself, behind its proxy. It does not check the Host header, so a web page that finds it can
 * use it: on Linux, which has all of 127.0.0.0/8, it is hidden among 16 million addresses. It is in the arguments of the
 * server's process. Other users of this machine can read it there, but they can connect to Temporal itself as well.
 */
export async function chooseWebUiAddress(): Promise<LoopbackAddress> {
  const hidden = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  // macOS has 127.0.0.1 only. There, the port alone is unknown to the page.
  const host = (await isFree(0, hidden)) ? hidden : loopback;
  return { host, port: await freePort(host) };
}

export async function rememberServerPorts(dataDir: string, ports: ServerPorts): Promise<void> {
  await writeFile(memory(dataDir), JSON.stringify(ports));
}

const areFree = async ({ port, uiPort }: ServerPorts): Promise<boolean> =>
  (await isFree(port, loopback)) && (await isFree(uiPort, loopback));

async function lastPorts(dataDir: string): Promise<ServerPorts | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(memory(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A TCP port that is currently free on that address. */
export async function freePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowest, beyondHighest);
    if (await isFree(port, host)) return port;
  }
  throw new EmbeddedTemporalError(
    `No free TCP port was found on ${host} between ${lowest} and ${beyondHighest - 1}. Stop programs that use them.`,
  );
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
