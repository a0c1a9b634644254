import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFleet } from '../test/support/storm/fleet';
import { hmacKey, measureStorm, startDev } from './dev-storm';
import { percentile, printTable, verdict } from './measure';
import { cpuSeconds } from './process-cpu';
import { residentBytes } from './process-memory';
import { type BenchOptions } from './run-options';
import { printQueueWaits, printStorms, type Storm } from './storm-report';

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
    const answers = sent.deliveries.flatMap(({ answersMs }) => answersMs);
    verdict(`${kind}: p99 of the answer, s`, percentile(answers, 0.99) / 1_000, { atMost: 2 });
    for (const fault of [...sent.lost.map((event) => `lost: ${event}`), ...faults]) {
      console.error(`FAILED ${kind}: ${fault}`);
      process.exitCode = 1;
    }
  }
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
