import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { EmbeddedTemporalError } from './embedded-temporal-error';

/**
 * Below the ports from which systems take the near end of outgoing connections (32768 on Linux, 49152 on macOS): while
 * the server is down, one of those could be given to the very client that tries to reach it.
 */
const lowest = 20_000;
const beyondHighest = 32_768;
const attempts = 100;

/** A TCP port that is free on loopback at this moment. */
export async function freeLoopbackPort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowest, beyondHighest);
    if (await isFree(port)) return port;
  }
  throw new EmbeddedTemporalError(
    `No free TCP port was found on 127.0.0.1 between ${lowest} and ${beyondHighest - 1}. End programs that hold them.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
