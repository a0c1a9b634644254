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

const portsSchema = z.object({
  port: z.int().min(1).max(65_535),
  uiPort: z.int().min(1).max(65_535),
});
export type ServerPorts = z.output<typeof portsSchema>;

const memory = (dataDir: string): string => join(dataDir, 'ports.json');

/** The ports of the last run if they are still free, so that links to the Web UI survive a restart; otherwise any. */
export async function chooseServerPorts(dataDir: string): Promise<ServerPorts> {
  const last = await lastPorts(dataDir);
  if (last !== undefined && (await isFree(last.port)) && (await isFree(last.uiPort))) return last;
  return { port: await freeLoopbackPort(), uiPort: await freeLoopbackPort() };
}

export async function rememberServerPorts(dataDir: string, ports: ServerPorts): Promise<void> {
  await writeFile(memory(dataDir), JSON.stringify(ports));
}

async function lastPorts(dataDir: string): Promise<ServerPorts | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(memory(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A TCP port that is currently free on loopback. */
export async function freeLoopbackPort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowest, beyondHighest);
    if (await isFree(port)) return port;
  }
  throw new EmbeddedTemporalError(
    `No free TCP port was found on 127.0.0.1 between ${lowest} and ${beyondHighest - 1}. Stop programs that use them.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
