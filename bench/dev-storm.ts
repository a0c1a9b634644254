import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { processesBelow } from '../test/support/child-processes';
import { startProgram } from '../test/support/program';
import { pipelineNames, type StormStrategy, writeFleet } from '../test/support/storm/fleet';
import { readQueueWaits } from '../test/support/storm/queue-waits';
import { laneFaults, newestPromoted, sendStorm, type Sent } from '../test/support/storm/storm';
import { cpuSeconds } from './process-cpu';
import { type Storm } from './storm-report';
import { startReceiver } from './storm-receivers';

export const hmacKey = 'benchmark';
const atOnce = 32;

/** The program of a checkout, alone on a new data directory. */
export async function startDev(
  checkout: string,
  directory: string,
  pipelinesDir: string,
  flags: readonly string[],
) {
  const env = { ...process.env, TEMPORAL_ADDRESS: undefined, TEMPORAL_NAMESPACE: undefined };
  const started = performance.now();
  const program = startProgram(
    [
      ...['dev', `--pipelines-dir=${pipelinesDir}`, `--data-dir=${path.join(directory, 'data')}`],
      ...['--promotion-hook-bind-address=127.0.0.1:0', '--metrics-bind-address=0'],
      ...['--health-probe-bind-address=0', ...flags],
    ],
    env,
    checkout,
  );
  const { webhook = '', temporal = '' } = await program.ready;
  const below = await processesBelow(program.pid);
  const server = below.find(({ commandLine }) => commandLine.includes('server start-dev'))?.pid;
  if (server === undefined) throw new Error('The Temporal server of windlass dev was not found.');
  return { program, webhook, temporal, server, startMs: performance.now() - started };
}

/** Two events of each Pipeline at once, for `windlass dev` of a checkout. */
export async function measureStorm(
  side: string,
  checkout: string,
  kind: StormStrategy['kind'],
  count: number,
): Promise<Storm> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const receiver = await startReceiver(kind, directory, count);
  const pipelinesDir = path.join(directory, 'pipelines');
  await writeFleet(pipelinesDir, { count, strategy: receiver.strategy, hmacKey });
  const dev = await startDev(checkout, directory, pipelinesDir, receiver.flags);
  const connection = await Connection.connect({ address: dev.temporal });
  const client = new Client({ connection, namespace: 'default' });
  try {
    const pipelines = pipelineNames(count);
    const cpuBefore = await cpuOf(dev);
    const start = performance.now();
    const sent = await sendStorm({ pipelines, webhooks: () => [dev.webhook], hmacKey, atOnce });
    await newestPromoted(client, count - newestLost(sent));
    const promotedMs = performance.now() - start;
    const cpuAfter = await cpuOf(dev);
    const faults = [...(await laneFaults(client, pipelines)), ...(await receiver.faults())];
    const waits = await readQueueWaits(client);
    return {
      side,
      kind,
      sent,
      promotedMs,
      waits,
      faults,
      programCpu: cpuAfter.program - cpuBefore.program,
      temporalCpu: cpuAfter.temporal - cpuBefore.temporal,
    };
  } finally {
    await connection.close();
    await dev.program.stop();
    await receiver.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** A Pipeline whose newest event was lost never has it promoted. */
function newestLost({ lost }: Sent): number {
  return lost.filter((event) => event.includes(' 1.2.0:')).length;
}

async function cpuOf({
  program,
  server,
}: {
  readonly program: { readonly pid: number };
  readonly server: number;
}) {
  return { program: await cpuSeconds(program.pid), temporal: await cpuSeconds(server) };
}
