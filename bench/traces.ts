import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import pino from 'pino';
import { startTracer } from '../src/program/composition/start-tracer';
import { enterSpan } from '../src/tracing/spans';
import { createFleetRepository } from './fleet';
import { startForges } from './forges';
import { median, printTable, verdict } from './measure';
import { createPromoter } from './promoter';
import { type BenchOptions } from './run-options';

const token = 'benchmark';
const repository = 'acme/fleet';
const manifests = 200;
/** One of so many is kept. */
const sampledOneIn = 10;
/** Takes what it gets, as quickly as it can: in a thread, so that its work is not the worker's. */
const collector = `
  const { createServer } = require('node:http');
  const server = createServer((request, answer) => request.resume().on('end', () => answer.end()));
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));
`;

/**
 * What traces cost a worker: the CPU of its thread for an attempt with a trace of which one in ten is kept, against the same
 * without. Git's own processes, which take most of an attempt, are left out, so that the ratio is rather too high.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const forgeDirectory = path.join(directory, 'forge');
  await mkdir(forgeDirectory);
  await createFleetRepository(path.join(forgeDirectory, `${repository}.git`), manifests);
  const forges = await startForges({ token, forges: [{ directory: forgeDirectory, latencyMs: 0 }] });
  const promoter = createPromoter(
    `${forges.urls[0] ?? ''}/${repository}.git`,
    token,
    path.join(directory, 'cache'),
  );
  const sink = new Worker(collector, { eval: true });
  const [port] = (await once(sink, 'message')) as [number];
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
  const tracer = startTracer(
    'bench',
    { sampler: { parentBased: true, ratio: 1 }, delayMs: 500 },
    pino({ level: 'warn' }),
  );

  let release = 0;
  const untraced = () => promoter.promote((release += 1));
  const traced = () =>
    enterSpan(
      'activity openPullRequest',
      { parent: parentOf(release), attributes: { 'windlass.attempt': 1 } },
      untraced,
    );
  const [without, withTraces]: [number[], number[]] = [[], []];
  await cpuMs(untraced, sampledOneIn);
  await cpuMs(traced, sampledOneIn);
  for (let round = 1; round <= (quick ? 2 : 15); round += 1) {
    // Each goes first as often as the other.
    const first = round % 2 === 1;
    if (first) without.push(await cpuMs(untraced, sampledOneIn));
    withTraces.push(await cpuMs(traced, sampledOneIn));
    if (!first) without.push(await cpuMs(untraced, sampledOneIn));
  }
  await tracer.close();
  await sink.terminate();
  await forges.close();
  await rm(directory, { recursive: true, force: true });
  const ratio = median(withTraces) / median(without);
  printTable(
    ['CPU of an attempt without traces, ms', 'with traces, 10 % kept, ms', 'with / without'],
    [[median(without).toFixed(2), median(withTraces).toFixed(2), ratio.toFixed(3)]],
  );
  verdict('CPU of an attempt, with traces / without', ratio, { atMost: 1.05 });
}

/** Of Node 24, which the types of Node 22 do not have. */
const node = process as NodeJS.Process & { threadCpuUsage(before?: NodeJS.CpuUsage): NodeJS.CpuUsage };

/** @returns CPU of this thread for one run, on average, in milliseconds */
async function cpuMs(run: () => Promise<unknown>, times: number): Promise<number> {
  const before = node.threadCpuUsage();
  for (let count = 0; count < times; count += 1) await run();
  const { user, system } = node.threadCpuUsage(before);
  return (user + system) / 1_000 / times;
}

function parentOf(release: number): string {
  const flags = release % sampledOneIn === 0 ? '01' : '00';
  return `00-${String(release + 1).padStart(32, 'a')}-00f067aa0ba902b7-${flags}`;
}
