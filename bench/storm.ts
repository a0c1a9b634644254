import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { BareRepository } from '../demo/forge/bare-repository';
import { processesBelow } from '../test/support/child-processes';
import { startFakeNotificationController } from '../test/support/fake-notification-controller';
import { startProgram } from '../test/support/program';
import {
  fleetRepositories,
  pipelineNames,
  type StormStrategy,
  writeFleet,
} from '../test/support/storm/fleet';
import { readQueueWaits } from '../test/support/storm/queue-waits';
import { laneFaults, newestPromoted, sendStorm, type Sent } from '../test/support/storm/storm';
import { startForges } from './forges';
import { printTable, verdict } from './measure';
import { cpuSeconds } from './process-cpu';
import { residentBytes } from './process-memory';
import { type BenchOptions } from './run-options';
import { printQueueWaits, printStorms, type Storm } from './storm-report';

const hmacKey = 'benchmark';
const token = 'benchmark';
const atOnce = 32;
const megabyte = 1_000_000;

/**
 * `windlass dev`, built, in a storm: two events of each of 300 Pipelines, 32 at once, sent as Flux does. And how long it
 * takes to start with 5,000 Pipelines. Fails where an event was lost or a version was promoted twice.
 */
export async function main({ quick, before }: BenchOptions): Promise<void> {
  const pipelines = quick ? 30 : 300;
  const sides = [
    ...(before === undefined ? [] : [{ side: 'before', checkout: before }]),
    { side: 'now', checkout: path.join(__dirname, '..') },
  ];
  const storms: Storm[] = [];
  for (const kind of ['pull-request', 'notification'] as const) {
    for (const { side, checkout } of sides) {
      const storm = await measureStorm(side, checkout, kind, pipelines);
      storms.push(storm);
      printQueueWaits(`${side}, ${kind}`, storm.waits);
    }
  }
  printStorms(storms);
  console.log('');
  await measureStarts(sides, quick ? [300] : [300, 5_000]);
  const ours = storms.filter(({ side }) => side === 'now');
  for (const { kind, faults, sent } of ours) {
    for (const fault of [...sent.lost.map((event) => `lost: ${event}`), ...faults]) {
      console.error(`FAILED ${kind}: ${fault}`);
      process.exitCode = 1;
    }
  }
}

/** The program of a checkout, alone on a new data directory. */
async function startDev(checkout: string, directory: string, pipelinesDir: string, flags: readonly string[]) {
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

async function measureStorm(
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

interface Receiver {
  readonly strategy: StormStrategy;
  readonly flags: readonly string[];
  /** What reached it twice. */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

async function startReceiver(
  kind: StormStrategy['kind'],
  directory: string,
  count: number,
): Promise<Receiver> {
  if (kind === 'notification') {
    const controller = await startFakeNotificationController();
    return {
      strategy: { kind },
      flags: [`--events-addr=${controller.address}`],
      faults: () => {
        const twice = controller.requests - controller.events.length;
        return Promise.resolve(twice === 0 ? [] : [`${twice} notifications were sent twice`]);
      },
      close: () => controller.close(),
    };
  }
  const forgeDirectory = path.join(directory, 'forge');
  const repositories = fleetRepositories(count);
  for (const [name, files] of repositories) {
    await mkdir(path.join(forgeDirectory, path.dirname(name)), { recursive: true });
    const bare = await BareRepository.create(path.join(forgeDirectory, `${name}.git`));
    await bare.commit('main', files, 'Add the applications');
  }
  const forges = await startForges({ token, forges: [{ directory: forgeDirectory, latencyMs: 0 }] });
  const [url = ''] = forges.urls;
  return {
    strategy: { kind, url, token },
    flags: [],
    faults: async () =>
      (await Promise.all([...repositories.keys()].map((name) => pullRequestFaults(url, name)))).flat(),
    close: () => forges.close(),
  };
}

/** Where a Pipeline has another number of pull requests than one. */
async function pullRequestFaults(url: string, repository: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v3/repos/${repository}/pulls?state=all&per_page=100`, {
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'windlass-bench' },
  });
  const pullRequests = (await answer.json()) as readonly { readonly head: { readonly ref: string } }[];
  const counts = new Map<string, number>();
  for (const { head } of pullRequests) counts.set(head.ref, (counts.get(head.ref) ?? 0) + 1);
  return [...counts].flatMap(([branch, pulls]) =>
    pulls === 1 ? [] : [`${repository}: ${branch} has ${pulls} pull requests`],
  );
}

async function measureStarts(
  sides: readonly { readonly side: string; readonly checkout: string }[],
  sizes: readonly number[],
): Promise<void> {
  const rows: string[][] = [];
  let slowest = 0;
  for (const count of sizes) {
    const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
    const pipelinesDir = path.join(directory, 'pipelines');
    await writeFleet(pipelinesDir, { count, strategy: { kind: 'notification' }, hmacKey });
    for (const { side, checkout } of sides) {
      const dev = await startDev(checkout, path.join(directory, side), pipelinesDir, []);
      const idleFrom = await cpuSeconds(dev.program.pid);
      const idleStart = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      const idle =
        ((await cpuSeconds(dev.program.pid)) - idleFrom) / ((performance.now() - idleStart) / 1_000);
      const [program, temporal] = await Promise.all([
        residentBytes(dev.program.pid),
        residentBytes(dev.server),
      ]);
      await dev.program.stop();
      if (side === 'now') slowest = Math.max(slowest, dev.startMs);
      rows.push([
        String(count),
        side,
        (dev.startMs / 1_000).toFixed(1),
        `${(idle * 100).toFixed(0)} %`,
        (program / megabyte).toFixed(0),
        (temporal / megabyte).toFixed(0),
      ]);
    }
    await rm(directory, { recursive: true, force: true });
  }
  printTable(
    ['pipelines', 'code', 'start, s', 'CPU when idle', 'windlass dev, MB', 'its Temporal server, MB'],
    rows,
  );
  verdict('start, s', slowest / 1_000, { atMost: 20 });
}
